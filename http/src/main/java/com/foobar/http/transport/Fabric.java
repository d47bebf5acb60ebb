package com.foobar.http.transport;

import com.foobar.http.pool.Address;
import com.foobar.kernel.time.Time;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import org.jspecify.annotations.Nullable;

/**
 * How the tiers of this process reach the next one: directly where it lives in this process too, over a socket elsewhere.
 * Which of the two it was is nothing that a request, its answer or its failure shows.
 */
public final class Fabric {
    private final Time time;
    private final @Nullable DirectRegistry registry;

    /** What the configuration may say about it. */
    public enum Kind {
        /** Directly where that is possible. */
        AUTO,
        /** Over sockets also within the process, as between machines. */
        SOCKETS
    }

    public Fabric(Kind kind, Time time) {
        this.time = time;
        this.registry = kind == Kind.AUTO ? new DirectRegistry() : null;
    }

    /** A tier of this process that others may reach without a socket until the door is closed. */
    public DirectRegistry.Door register(Address address, HttpHandler handler) {
        return registry == null ? () -> {} : registry.register(address, handler);
    }

    /** The way of one tier to the next. */
    public Way way(Keeping keeping) {
        return new Way(new SocketTransport(time, keeping));
    }

    /** Chooses anew for each request, because tiers of this process come and go. */
    public final class Way implements Transport, AutoCloseable {
        private final SocketTransport sockets;
        private final @Nullable DirectTransport direct;

        private Way(SocketTransport sockets) {
            this.sockets = sockets;
            this.direct = registry == null ? null : new DirectTransport(registry, time);
        }

        @Override
        public void send(HttpServerExchange exchange, Errand errand) {
            if (direct != null && errand.preamble() == null && takenHere(exchange, errand.address())) {
                direct.send(exchange, errand);
            } else {
                sockets.send(exchange, errand);
            }
        }

        private boolean takenHere(HttpServerExchange exchange, Address address) {
            HttpHandler handler = registry == null ? null : registry.at(address);
            return handler != null && (!(handler instanceof DirectHandler choosy) || choosy.takes(exchange));
        }

        @Override
        public void close() {
            sockets.close();
        }
    }
}
