package com.foobar.http.forward;

import com.foobar.http.forward.Forwarder.Active;
import com.foobar.http.pool.Address;
import com.foobar.http.pool.Attempt;
import com.foobar.http.pool.Backend;
import com.foobar.http.pool.Caller;
import com.foobar.http.pool.Failure;
import com.foobar.http.pool.Load;
import com.foobar.http.pool.Pick;
import com.foobar.http.pool.Verdict;
import com.foobar.http.pool.WaitQueue.Place;
import com.foobar.http.pool.WaitQueue.Served;
import com.foobar.http.transport.Cause;
import com.foobar.http.transport.ClientWatch;
import com.foobar.http.transport.Errand;
import com.foobar.http.transport.Outcome;
import com.foobar.http.transport.Patience;
import com.foobar.http.transport.Phase;
import io.undertow.server.HttpServerExchange;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/** One request on its way through a pool; all of it on the I/O thread of its exchange. */
final class Trip implements Errand, Runnable {
    private static final Outcome NO_ATTEMPT =
            new Outcome(Phase.NOT_CONNECTED, Cause.NONE, 0, 0, 0, 0, 0, 0, false, false, "");

    private final Forwarder forwarder;
    private final HttpServerExchange exchange;
    private final long began;
    private final long deadline;
    private Active active;
    private @Nullable String boundTo;
    private @Nullable Caller caller;
    private @Nullable Backend backend;
    private Outcome last = NO_ATTEMPT;
    private int attempts;
    private boolean freshOnly;
    private long waitedSince;
    private long queueNanos;
    private @Nullable ClientWatch watch;
    private XnioExecutor.@Nullable Key timer;
    private boolean gone;

    Trip(Forwarder forwarder, HttpServerExchange exchange) {
        this.forwarder = forwarder;
        this.exchange = exchange;
        this.active = forwarder.active();
        this.began = forwarder.time.nanos();
        this.deadline = began + active.settings().request().toNanos();
    }

    void onItsThread(Runnable task) {
        exchange.getIoThread().execute(task);
    }

    @Override
    public void run() {
        ForwardSettings settings = active.settings();
        settings.budget().request(began);
        settings.requestEdits().edit(exchange, exchange.getRequestHeaders());
        Stickiness stickiness = settings.stickiness();
        boundTo = stickiness == null ? null : stickiness.boundTo(exchange);
        caller = new Caller(
                boundTo, settings.key() == null ? null : settings.key().apply(exchange));
        pick(began);
    }

    private Caller caller() {
        Caller one = caller;
        if (one == null) {
            throw new IllegalStateException("the request has not begun");
        }
        return one;
    }

    private void pick(long now) {
        Pick pick = active.settings().pool().pick(caller(), now);
        if (pick instanceof Pick.Chosen chosen) {
            go(chosen.backend());
        } else if (pick instanceof Pick.Full) {
            enqueue(now);
        } else if (pick instanceof Pick.Nobody nobody) {
            // After a failed attempt the client is told of the failure, which says more than that nobody else is left.
            if (attempts == 0) {
                refuse(503, Ending.NO_BACKEND, nobody.reason());
            } else {
                refuse(status(last.cause()), Ending.of(last.cause()), last.detail());
            }
        }
    }

    private void go(Backend one) {
        backend = one;
        attempts++;
        active.settings().transport().send(exchange, this);
    }

    private void enqueue(long now) {
        long limit = Math.min(now + active.settings().queue().toNanos() - deadline, 0) + deadline;
        waitedSince = now;
        Place<Trip> place = active.queue().enqueue(this, caller(), now, limit);
        if (place instanceof Place.Free<Trip> free) {
            go(free.chosen().backend());
        } else if (place instanceof Place.Refused<Trip> refused) {
            refuse(503, Ending.QUEUE_FULL, "all backends are busy and " + refused.limit() + " requests wait already");
        } else {
            ClientWatch look = new ClientWatch(this::clientGone);
            look.begin(exchange);
            watch = look;
            timer = exchange.getIoThread().executeAfter(this::waitedLongEnough, limit - now, TimeUnit.NANOSECONDS);
            // A reload between taking the settings and this line has emptied the queue before this one was in it.
            if (forwarder.active().queue() != active.queue() && active.queue().cancel(this)) {
                pickAgain();
            }
        }
    }

    private void stopWaiting() {
        queueNanos += forwarder.time.nanos() - waitedSince;
        ClientWatch look = watch;
        if (look != null) {
            watch = null;
            look.end();
        }
        XnioExecutor.Key key = timer;
        if (key != null) {
            timer = null;
            key.remove();
        }
    }

    private void waitedLongEnough() {
        timer = null;
        if (active.queue().cancel(this)) {
            stopWaiting();
            refuse(
                    503,
                    Ending.QUEUE_TIMEOUT,
                    "no backend had a place within " + active.settings().queue());
        }
    }

    private void clientGone() {
        gone = true;
        if (active.queue().cancel(this)) {
            leave();
        }
    }

    private void leave() {
        stopWaiting();
        IoUtils.safeClose(exchange.getConnection());
        exchange.endExchange();
        tell(forwarder.time.nanos(), 0, Ending.CLIENT_GONE, "while waiting for a place");
    }

    /** Its turn has come; the place is taken. Called on any thread. */
    void served(Pick.Chosen chosen) {
        onItsThread(() -> {
            if (gone) {
                backend = chosen.backend();
                release(forwarder.time.nanos());
                leave();
                return;
            }
            stopWaiting();
            go(chosen.backend());
        });
    }

    /** The queue it waited in is no more. */
    void pickAgain() {
        stopWaiting();
        if (gone) {
            leave();
            return;
        }
        active = forwarder.active();
        pick(forwarder.time.nanos());
    }

    private Backend backend() {
        Backend one = backend;
        if (one == null) {
            throw new IllegalStateException("no backend was picked");
        }
        return one;
    }

    @Override
    public Address address() {
        return backend().address();
    }

    @Override
    public Load load() {
        return backend().load();
    }

    @Override
    public Patience patience() {
        return active.settings().patience();
    }

    @Override
    public long deadlineNanos() {
        return deadline;
    }

    @Override
    public boolean freshOnly() {
        return freshOnly;
    }

    @Override
    public byte @Nullable [] preamble() {
        var preamble = active.settings().preamble();
        return preamble == null ? null : preamble.apply(exchange);
    }

    @Override
    public void answered(HttpServerExchange same) {
        ForwardSettings settings = active.settings();
        String name = backend().name();
        Stickiness stickiness = settings.stickiness();
        if (stickiness != null && !name.equals(boundTo)) {
            stickiness.bind(same, name);
        }
        if (settings.exposeBackend() != null) {
            same.getResponseHeaders().put(settings.exposeBackend(), name);
        }
        settings.responseEdits().edit(same, same.getResponseHeaders());
    }

    @Override
    public void ended(Outcome outcome) {
        last = outcome;
        long now = forwarder.time.nanos();
        Failure failure = failure(outcome);
        if (failure == null) {
            if (outcome.status() != 0) {
                active.settings().pool().report(backend(), true, now);
            }
            release(now);
            if (outcome.phase().passedOn() || outcome.cause() == Cause.CLIENT_GONE) {
                tell(
                        now,
                        outcome.phase().passedOn() ? outcome.status() : 0,
                        Ending.of(outcome.cause()),
                        outcome.detail());
            } else {
                refuse(status(outcome.cause()), Ending.of(outcome.cause()), outcome.detail());
            }
            return;
        }
        if (failure != Failure.STALE_CONNECTION) {
            active.settings().pool().report(backend(), false, now);
        }
        judge(outcome, failure, now);
    }

    private void judge(Outcome outcome, Failure failure, long now) {
        Attempt attempt = new Attempt(
                exchange.getRequestMethod().toString(),
                failure,
                attempts,
                outcome.phase().byteSent(),
                !outcome.bodyTouched(),
                outcome.phase().passedOn(),
                deadline);
        Verdict verdict =
                active.settings().retries().judge(attempt, active.settings().budget(), now);
        if (verdict instanceof Verdict.RetrySame) {
            freshOnly = true;
            go(backend());
            return;
        }
        if (verdict instanceof Verdict.RetryElsewhere) {
            Backend failed = backend();
            caller().tried(failed);
            release(now);
            pick(now);
            return;
        }
        release(now);
        Verdict.GiveUp end = (Verdict.GiveUp) verdict;
        Ending ending = Ending.of(outcome.cause());
        String detail = outcome.detail() + "; " + end.reason().text();
        if (end.cutOff()) {
            tell(now, outcome.status(), ending, detail);
        } else {
            refuse(end.status(), ending, detail);
        }
    }

    private static @Nullable Failure failure(Outcome outcome) {
        return switch (outcome.cause()) {
            case REFUSED -> Failure.CONNECT_REFUSED;
            case CONNECT_TIMEOUT -> Failure.CONNECT_TIMEOUT;
            case RESET -> outcome.stale() ? Failure.STALE_CONNECTION : Failure.BROKEN;
            case GARBAGE -> Failure.BAD_ANSWER;
            case TIMEOUT -> Failure.ANSWER_TIMEOUT;
            default -> null;
        };
    }

    private static int status(Cause cause) {
        return switch (cause) {
            case REQUEST_UNFIT -> 400;
            case CLIENT_STALLED -> 408;
            case REQUEST_TOO_LARGE -> 413;
            case REFUSED -> 503;
            case CONNECT_TIMEOUT, TIMEOUT, DEADLINE -> 504;
            case RESET, GARBAGE -> 502;
            default -> 500;
        };
    }

    private void release(long now) {
        Served<Trip> next = active.queue().release(backend(), now);
        if (next != null) {
            next.token().served(next.chosen());
        }
    }

    private void refuse(int status, Ending why, String detail) {
        forwarder.refusals.refuse(exchange, status, why, detail);
        tell(forwarder.time.nanos(), status, why, detail);
    }

    private void tell(long now, int status, Ending ending, String detail) {
        Backend one = backend;
        forwarder.journeys.accept(
                exchange,
                new Journey(
                        active.settings().pool().name(),
                        one == null ? null : one.name(),
                        Math.max(0, attempts - 1),
                        status,
                        queueNanos,
                        last.connectNanos(),
                        last.firstByteNanos(),
                        now - began,
                        last.sent(),
                        last.received(),
                        last.reused(),
                        ending,
                        detail));
    }
}
