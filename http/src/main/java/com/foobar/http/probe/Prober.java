package com.foobar.http.probe;

import com.foobar.http.pool.Backend;
import com.foobar.http.pool.CheckCounter;
import com.foobar.http.pool.Checked;
import com.foobar.http.pool.Pool;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.time.Time.Timeout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every backend of a pool again and again, each in its own rhythm and on its own thread, so that one that hangs delays
 * nobody's check but its own. Tells the pool only after {@code rise} or {@code fall} results have agreed.
 */
public final class Prober implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Prober.class);

    private final Pool pool;
    private final Time time;
    private final ExecutorService threads;
    private final Observer observer;
    private final CompletableFuture<Void> firstRound = new CompletableFuture<>();
    // Guarded by this; a watch is touched only while it is the one in the map.
    private final Map<String, Watch> watches = new HashMap<>();
    private CheckSettings settings;
    private boolean closed;

    /** Told about every check: metrics and the queue of waiting requests are the caller's. */
    public interface Observer {
        /**
         * After the pool has been told.
         *
         * @param changed whether this result changed the backend's state
         */
        void checked(Backend backend, boolean passed, boolean changed, String reason, long nanos);
    }

    public Prober(String owner, Pool pool, CheckSettings settings, Time time, Observer observer) {
        this.pool = pool;
        this.settings = settings;
        this.time = time;
        this.observer = observer;
        this.threads = Executors.newCachedThreadPool(Threads.named(owner, "check"));
    }

    /** Begins; completes when every backend has been checked once. */
    public synchronized CompletableFuture<Void> start() {
        follow(FirstRound.NONE);
        return firstRound;
    }

    /** After a reload of the pool: new backends are checked at once, those gone no more, all by the new rules. */
    public void replace(CheckSettings changed) {
        replace(changed, FirstRound.NONE);
    }

    /** As above; those that have been asked before they joined are asked again when it is time. */
    public synchronized void replace(CheckSettings changed, FirstRound asked) {
        asked.end();
        settings = changed;
        follow(asked);
    }

    /** Asks servers that are no members yet, by rules that may not be in force yet. The pool is not told. */
    public FirstRound firstRound(List<Backend> newcomers, CheckSettings rules) {
        return FirstRound.begin(newcomers, new Check(rules, time), threads, time);
    }

    private void follow(FirstRound asked) {
        Map<String, Backend> members = new HashMap<>();
        pool.backends().forEach(backend -> members.put(backend.name(), backend));
        for (Watch watch : new ArrayList<>(watches.values())) {
            Backend now = members.get(watch.backend.name());
            if (now == null || !now.address().equals(watch.backend.address())) {
                watch.end();
            } else {
                watch.reloaded(now);
            }
        }
        members.values().stream()
                .filter(backend -> !watches.containsKey(backend.name()))
                .forEach(backend -> new Watch(backend).begin(asked.of(backend)));
        completeFirstRound();
    }

    private void completeFirstRound() {
        if (watches.values().stream().allMatch(watch -> watch.checkedOnce)) {
            firstRound.complete(null);
        }
    }

    /** The last reason for each backend, for status pages. */
    public synchronized Map<String, String> reasons() {
        Map<String, String> reasons = new HashMap<>();
        watches.forEach((name, watch) -> reasons.put(name, watch.reason));
        return reasons;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            List.copyOf(watches.values()).forEach(Watch::end);
        }
        threads.shutdownNow();
    }

    /** One backend and where its count stands. */
    private final class Watch {
        private Backend backend;
        private CheckCounter counter;
        private String reason = "not checked yet";
        private boolean checkedOnce;
        private @Nullable Timeout next;

        Watch(Backend backend) {
            this.backend = backend;
            this.counter = CheckCounter.unchecked(settings.rules());
        }

        /** @param known the first answer, null when it was not asked yet */
        void begin(Check.@Nullable Result known) {
            watches.put(backend.name(), this);
            if (known == null || !backend.health().checkable()) {
                ask();
                return;
            }
            counter = counter.result(known.passed());
            reason = known.reason();
            checkedOnce = true;
            again();
            Backend asked = backend;
            // Not with the prober's lock held.
            threads.execute(() -> tell(asked, known, true));
        }

        void end() {
            watches.remove(backend.name(), this);
            if (next != null) {
                next.cancel();
            }
        }

        void reloaded(Backend now) {
            backend = now;
            counter = new CheckCounter(settings.rules(), counter.state(), counter.against());
        }

        /** Called with the prober's lock held. */
        private void ask() {
            Backend asked = backend;
            Check check = new Check(settings, time);
            if (!asked.health().checkable()) {
                // Whatever was known is void when the work on it is over.
                counter = CheckCounter.unchecked(settings.rules());
                reason = "in maintenance, not checked";
                checkedOnce = true;
                again();
                return;
            }
            try {
                threads.execute(() -> answered(asked, check.of(asked.address())));
            } catch (RejectedExecutionException closing) {
                end();
            }
        }

        private void answered(Backend asked, Check.Result result) {
            boolean changed;
            synchronized (Prober.this) {
                if (closed || watches.get(asked.name()) != this) {
                    return;
                }
                reason = result.reason();
                checkedOnce = true;
                // A check that was under way when maintenance began says nothing about the server after it.
                changed = asked.health().checkable() && counted(result.passed());
                completeFirstRound();
                again();
            }
            tell(asked, result, changed);
        }

        private void tell(Backend asked, Check.Result result, boolean changed) {
            if (changed) {
                String state = result.passed() ? "up" : "down";
                log.info("{} of pool {} is {}: {}", asked.name(), pool.name(), state, result.reason());
            }
            observer.checked(asked, result.passed(), changed, result.reason(), result.nanos());
        }

        private boolean counted(boolean passed) {
            counter = counter.result(passed);
            return counter.state() != Checked.UNKNOWN && backend.verdict(counter.state() == Checked.UP, time.nanos());
        }

        private void again() {
            next = time.after(counter.pause(), () -> {
                synchronized (Prober.this) {
                    if (!closed && watches.get(backend.name()) == this) {
                        ask();
                    }
                }
            });
        }
    }
}
