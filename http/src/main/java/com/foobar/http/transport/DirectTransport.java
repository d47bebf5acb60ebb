package com.foobar.http.transport;

import com.foobar.kernel.time.Time;
import io.undertow.server.Connectors;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ResponseCommitListener;
import io.undertow.server.protocol.http.HttpServerConnection;
import org.jspecify.annotations.Nullable;

/**
 * Hands the exchange itself to a tier in this JVM: no socket, no second head, no copy. The handler owns the exchange from then
 * on, so there is nothing to send again: an attempt is refused, or it ends with the exchange, and then counts as passed on.
 */
public final class DirectTransport implements Transport {
    private final DirectRegistry registry;
    private final Time time;
    private final Lanes lanes;

    public DirectTransport(DirectRegistry registry, Time time) {
        this.registry = registry;
        this.time = time;
        this.lanes = new Lanes(time, Keeping.DEFAULT);
    }

    @Override
    public void send(HttpServerExchange exchange, Errand errand) {
        HttpHandler handler = registry.at(errand.address());
        if (handler == null) {
            String detail = "no tier of this JVM is registered at " + errand.address();
            errand.ended(new Outcome(Phase.NOT_CONNECTED, Cause.REFUSED, 0, 0, 0, 0, 0, 0, false, false, detail));
            return;
        }
        Visit visit = new Visit(exchange, errand);
        exchange.addResponseCommitListener(visit);
        exchange.addExchangeCompleteListener(visit);
        visit.lane.watch(visit);
        Connectors.executeRootHandler(handler, exchange);
    }

    /** One attempt. Its listeners may be called on a worker thread; the errand is told on the I/O thread. */
    private final class Visit extends Watched implements ResponseCommitListener, ExchangeCompletionListener, Runnable {
        private final HttpServerExchange exchange;
        private final Errand errand;
        private final Lane lane;
        private final long began = time.nanos();
        private final boolean body;
        private volatile long firstByte;
        /** When the whole request had arrived, as far as the ticks can tell. */
        private long asked;
        /** When bytes of the answer last moved, and how many had. */
        private long moved;

        private long sent;
        private @Nullable Cause late;

        Visit(HttpServerExchange exchange, Errand errand) {
            this.exchange = exchange;
            this.errand = errand;
            this.lane = lanes.of(exchange);
            this.body = !exchange.isRequestComplete();
            this.asked = began;
        }

        /** The limits hold here too: the handler cannot be interrupted, but its client is let go. */
        @Override
        void check(long now) {
            if (exchange.isComplete() || exchange.isUpgrade()) {
                return;
            }
            Cause cause = overdue(now);
            if (cause != null) {
                late = cause;
                lane.unwatch(this);
                Front.abort(exchange);
            }
        }

        private @Nullable Cause overdue(long now) {
            if (now - errand.deadlineNanos() >= 0) {
                return Cause.DEADLINE;
            }
            if (firstByte == 0) {
                if (!exchange.isRequestComplete()) {
                    // Its sender is the listener's business.
                    asked = now;
                }
                return now - asked >= errand.patience().head().toNanos() ? Cause.TIMEOUT : null;
            }
            if (exchange.getResponseBytesSent() != sent || moved == 0) {
                sent = exchange.getResponseBytesSent();
                moved = now;
            }
            return now - moved >= errand.patience().idle().toNanos() ? Cause.TIMEOUT : null;
        }

        @Override
        public void beforeCommit(HttpServerExchange same) {
            firstByte = time.nanos();
            errand.answered(same);
        }

        @Override
        public void exchangeEvent(HttpServerExchange same, NextListener next) {
            try {
                if (same.isInIoThread()) {
                    run();
                } else {
                    same.getIoThread().execute(this);
                }
            } finally {
                next.proceed();
            }
        }

        /** Tells the errand. */
        @Override
        public void run() {
            lane.unwatch(this);
            long now = time.nanos();
            boolean whole = firstByte != 0 && late == null && (exchange.isUpgrade() || intact());
            Cause cause = whole ? Cause.NONE : late != null ? late : Cause.CLIENT_GONE;
            errand.ended(new Outcome(
                    whole ? Phase.DONE : Phase.RESPONSE_PARTLY_PASSED_ON,
                    cause,
                    exchange.getStatusCode(),
                    0,
                    firstByte == 0 ? 0 : firstByte - began,
                    now - began,
                    0,
                    exchange.getResponseBytesSent(),
                    false,
                    body,
                    whole ? "" : "the exchange ended before its response was complete"));
        }

        private boolean intact() {
            long length = exchange.getResponseContentLength();
            return !(exchange.getConnection() instanceof HttpServerConnection one)
                    || one.isOpen()
                    || (length >= 0 && exchange.getResponseBytesSent() >= length);
        }
    }
}
