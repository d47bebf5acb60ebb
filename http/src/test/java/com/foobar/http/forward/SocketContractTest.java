package com.foobar.http.forward;

import com.foobar.http.pool.Address;
import com.foobar.http.transport.Keeping;
import com.foobar.http.transport.SocketTransport;
import com.foobar.kernel.time.SystemTime;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import java.net.InetSocketAddress;

/** Over sockets. */
class SocketContractTest extends TransportContract {
    @Override
    Way to(HttpHandler handler) {
        Undertow tier = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(2)
                .setHandler(handler)
                .build();
        tier.start();
        SystemTime time = new SystemTime("sockets");
        int port = ((InetSocketAddress) tier.getListenerInfo().get(0).getAddress()).getPort();
        SocketTransport transport = new SocketTransport(time, Keeping.DEFAULT);
        return way(transport, new Address("127.0.0.1", port), () -> {
            transport.close();
            tier.stop();
            time.close();
        });
    }
}
