package com.foobar.http.listen;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.SystemTime;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xnio.XnioWorker;

/** Real listeners on loopback, and a handler that tells what reached it. */
final class Stage implements AutoCloseable {

    private final XnioWorker worker = Listeners.worker("test", 2, 4);
    final SystemTime time = new SystemTime("test");
    final Listeners listeners;

    /** What reached the handler, in order: method, path, query and body. */
    final List<String> seen = new CopyOnWriteArrayList<>();

    Stage(Limits limits) {
        listeners = new Listeners(worker, time, limits, new ErrorPages());
    }

    Listener http() throws StartFailure {
        return open(Binding.http("test.http", any()), this::tell);
    }

    Listener open(Binding binding, HttpHandler handler) throws StartFailure {
        Listener listener = listeners.bind(binding, handler);
        listener.open();
        return listener;
    }

    static InetSocketAddress any() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Reads the whole body on the I/O thread, then answers with what was seen. */
    void tell(HttpServerExchange exchange) {
        exchange.getRequestReceiver().receiveFullBytes((done, body) -> {
            String text = done.getRequestMethod() + " " + done.getRequestURI()
                    + (done.getQueryString().isEmpty() ? "" : "?" + done.getQueryString()) + " "
                    + new String(body, StandardCharsets.ISO_8859_1);
            seen.add(text);
            done.getResponseSender().send(text);
        });
    }

    @Override
    public void close() {
        listeners.close();
        worker.shutdownNow();
        time.close();
    }
}
