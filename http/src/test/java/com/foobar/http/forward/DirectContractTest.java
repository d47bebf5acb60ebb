package com.foobar.http.forward;

import com.foobar.http.pool.Address;
import com.foobar.http.transport.DirectRegistry;
import com.foobar.http.transport.DirectTransport;
import com.foobar.kernel.time.SystemTime;
import io.undertow.server.HttpHandler;

/** Inside this JVM. */
class DirectContractTest extends TransportContract {
    @Override
    Way to(HttpHandler handler) {
        SystemTime time = new SystemTime("direct");
        DirectRegistry registry = new DirectRegistry();
        Address address = new Address("127.0.0.1", 8080);
        DirectRegistry.Door door = registry.register(address, handler);
        return way(new DirectTransport(registry, time), address, () -> {
            door.close();
            time.close();
        });
    }
}
