package com.foobar.http.transport;

import com.foobar.kernel.time.Time;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;

/**
 * Speaks HTTP/1.1 to the next tier, on the I/O thread of the exchange and on connections that belong to that thread: no
 * request ever changes threads or waits for a lock.
 */
public final class SocketTransport implements Transport, AutoCloseable {
    private final Time time;
    private final Resolver resolver;
    private final Lanes lanes;

    public SocketTransport(Time time, Keeping keeping) {
        this.time = time;
        this.lanes = new Lanes(time, keeping);
        this.resolver = new Resolver(time);
    }

    @Override
    public void send(HttpServerExchange exchange, Errand errand) {
        IdleLegs idle = lanes.of(exchange).idle(errand.address());
        Leg leg = null;
        if (!errand.freshOnly() && errand.preamble() == null) {
            leg = repeatable(exchange) ? idle.take() : idle.takeYoung(time.nanos());
        }
        if (leg != null) {
            leg.reuse(exchange, errand);
        } else {
            new Leg(idle).connect(exchange, errand, resolver);
        }
    }

    /** Whether it can be sent again when the connection turns out to be dead: a body that is under way cannot be had twice. */
    private static boolean repeatable(HttpServerExchange exchange) {
        HttpString method = exchange.getRequestMethod();
        return exchange.isRequestComplete()
                && (method.equals(Methods.GET)
                        || method.equals(Methods.HEAD)
                        || method.equals(Methods.OPTIONS)
                        || method.equals(Methods.TRACE));
    }

    /** Closes idle connections, and others as soon as their requests are done. */
    @Override
    public void close() {
        lanes.close();
    }
}
