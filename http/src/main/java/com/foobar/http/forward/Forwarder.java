package com.foobar.http.forward;

import com.foobar.http.pool.WaitQueue;
import com.foobar.http.pool.WaitQueue.Served;
import com.foobar.kernel.time.Time;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.time.Duration;
import java.util.function.BiConsumer;

/** The handler that sends requests through a pool. Everything about one request is in its {@link Trip}. */
public final class Forwarder implements HttpHandler {
    // Later than any deadline a queue can hold: whoever asks with it gets everybody.
    private static final long BEYOND_EVERY_DEADLINE = Duration.ofDays(30).toNanos();

    /** The settings and the queue that goes with their pool. */
    record Active(ForwardSettings settings, WaitQueue<Trip> queue) {}

    final Time time;
    final Refusals refusals;
    final BiConsumer<HttpServerExchange, Journey> journeys;
    private final Object replacing = new Object();
    private volatile Active active;

    /** @param journeys told once for each request, on its I/O thread; it must not block */
    public Forwarder(
            ForwardSettings settings, Time time, Refusals refusals, BiConsumer<HttpServerExchange, Journey> journeys) {
        this.time = time;
        this.refusals = refusals;
        this.journeys = journeys;
        this.active = new Active(settings, new WaitQueue<>(settings.pool(), settings.queueLimit()));
    }

    Active active() {
        return active;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        // Outside the handler's call the exchange may be answered, resumed or ended at once; and on this same thread,
        // for
        // free.
        exchange.dispatch(SameThreadExecutor.INSTANCE, new Trip(this, exchange));
    }

    /** What holds from now on; requests under way end as they began, those that wait begin again. */
    public void replace(ForwardSettings settings) {
        synchronized (replacing) {
            Active before = active;
            boolean same =
                    before.settings.pool() == settings.pool() && before.settings.queueLimit() == settings.queueLimit();
            WaitQueue<Trip> queue = same ? before.queue : new WaitQueue<>(settings.pool(), settings.queueLimit());
            active = new Active(settings, queue);
            if (!same) {
                for (Trip waiting : before.queue.expire(time.nanos() + BEYOND_EVERY_DEADLINE)) {
                    waiting.onItsThread(waiting::pickAgain);
                }
            }
        }
        wake();
    }

    /** Lets those who wait try again: after a backend came back, a limit was raised or an order was given. */
    public void wake() {
        for (Served<Trip> one : active.queue.serve(time.nanos())) {
            one.token().served(one.chosen());
        }
    }

    /** How many requests wait for a place. */
    public int waiting() {
        return active.queue.length();
    }
}
