package com.foobar.http.transport;

import com.foobar.kernel.time.Time;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xnio.XnioIoThread;

/**
 * Speaks HTTP/1.1 to the next tier, on the I/O thread of the exchange and on connections that belong to that thread: no
 * request ever changes threads or waits for a lock.
 */
public final class SocketTransport implements Transport, AutoCloseable {
    private final Time time;
    private final Keeping keeping;
    private final Resolver resolver;
    private final Map<XnioIoThread, Lane> lanes = new ConcurrentHashMap<>();

    public SocketTransport(Time time, Keeping keeping) {
        this.time = time;
        this.keeping = keeping;
        this.resolver = new Resolver(time);
    }

    @Override
    public void send(HttpServerExchange exchange, Errand errand) {
        IdleLegs idle = lane((XnioIoThread) exchange.getIoThread()).idle(errand.address());
        Leg leg = null;
        if (!errand.freshOnly()) {
            leg = safe(exchange.getRequestMethod()) ? idle.take() : idle.takeYoung(time.nanos());
        }
        if (leg != null) {
            leg.reuse(exchange, errand);
        } else {
            new Leg(idle).connect(exchange, errand, resolver);
        }
    }

    // GET and HEAD are most of all requests: identity first.
    private static boolean safe(HttpString method) {
        return method == Methods.GET
                || method.equals(Methods.GET)
                || method.equals(Methods.HEAD)
                || method.equals(Methods.OPTIONS)
                || method.equals(Methods.TRACE);
    }

    private Lane lane(XnioIoThread thread) {
        Lane lane = lanes.get(thread);
        return lane != null ? lane : lanes.computeIfAbsent(thread, t -> new Lane(t, time, keeping));
    }

    /** Closes idle connections, and others as soon as their requests are done. */
    @Override
    public void close() {
        for (Lane lane : lanes.values()) {
            lane.thread.execute(lane::close);
        }
    }
}
