package com.foobar.launcher.supervise;

import com.foobar.kernel.lifecycle.Change;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.launcher.topology.Topology;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the roles of one process. Starts them one after another, innermost tier first, and undoes the ones that are up when a
 * later one fails; stops them the other way round, each under a deadline, and lets no failing stop prevent the next.
 *
 * <p>Start, reload and stop are called by one thread; {@link #readiness()} by any.
 */
public final class Supervisor {
    private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

    /** How long one role may take for each part of its stop. */
    public record Patience(Duration drain, Duration close) {
        public static final Patience DEFAULT = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(5));
    }

    /** Told about each step, for the people who watch. */
    public interface Narrator {
        void started(Seat<?> seat, Duration took);

        void stopped(Seat<?> seat, Duration took);
    }

    private final List<Seat<?>> seats;
    private final Time time;
    private final Patience patience;
    private final Narrator narrator;
    // Guarded by itself: written by the one thread that starts and stops, read by the admin port.
    private final Deque<Seat<?>> up = new ArrayDeque<>();
    private volatile boolean stopping;
    // Of the one thread.
    private Map<String, String> undone = Map.of();

    public Supervisor(List<Seat<?>> seats, Time time, Patience patience, Narrator narrator) {
        this.seats = List.copyOf(seats);
        this.time = time;
        this.patience = patience;
        this.narrator = narrator;
    }

    public List<Seat<?>> seats() {
        return seats;
    }

    /**
     * Starts all or none. An interrupt, the way a signal stops a start, undoes it as a failure would.
     *
     * @throws StartFailure names the role that could not start; those before it have been stopped again
     */
    public void start() throws StartFailure, InterruptedException {
        for (Seat<?> seat : seats) {
            if (Thread.interrupted()) {
                undone = stop();
                throw new InterruptedException("stopped before " + seat.role().name() + " was started");
            }
            long begun = time.nanos();
            try {
                seat.role().start();
            } catch (StartFailure failure) {
                undo(seat);
                throw new StartFailure(seat.role().name() + ": " + failure.getMessage(), failure.cure(), failure);
            } catch (RuntimeException bug) {
                undo(seat);
                throw new StartFailure(
                        seat.role().name() + ": " + bug, "this is a fault of the program: please report the log", bug);
            }
            synchronized (up) {
                up.push(seat);
            }
            narrator.started(seat, since(begun));
        }
    }

    /** A role that was interrupted says that its start failed, and leaves the flag as a sign that somebody wished so. */
    private void undo(Seat<?> failed) throws InterruptedException {
        boolean stopped = Thread.interrupted();
        undone = stop();
        if (stopped) {
            throw new InterruptedException("stopped while " + failed.role().name() + " was starting");
        }
    }

    /** What went wrong, by role, when a start that failed or was interrupted was undone. */
    public Map<String, String> undone() {
        return undone;
    }

    /** The reason of the first role that is not ready; ready when all are. */
    public Readiness readiness() {
        if (stopping) {
            return Readiness.no("stopping");
        }
        for (Seat<?> seat : seats) {
            Readiness readiness = readiness(seat);
            if (!readiness.ready()) {
                return Readiness.no(seat.role().name() + ": " + readiness.reason());
            }
        }
        return Readiness.yes();
    }

    public Readiness readiness(Seat<?> seat) {
        synchronized (up) {
            if (!up.contains(seat)) {
                return Readiness.no(stopping ? "stopped" : "not started yet");
            }
        }
        return seat.role().readiness();
    }

    /** Prepares every role, then commits every one; a single refusal and nothing has changed. Returns why not, by role. */
    public Map<String, String> reload(Topology next) {
        Map<String, String> refused = new LinkedHashMap<>();
        List<Change> prepared = new ArrayList<>();
        for (Seat<?> seat : seats) {
            try {
                prepared.add(seat.prepare(next));
            } catch (ChangeRefused refusal) {
                refused.put(seat.role().name(), String.valueOf(refusal.getMessage()));
            } catch (RuntimeException bug) {
                log.error("{} failed to prepare a reload", seat.role().name(), bug);
                refused.put(seat.role().name(), "fault of the program: " + bug);
            }
        }
        prepared.forEach(refused.isEmpty() ? Change::commit : Change::discard);
        return refused;
    }

    /** Drains all, then closes all, each in reverse order. Returns what went wrong, by role; empty when nothing did. */
    public Map<String, String> stop() {
        stopping = true;
        List<Seat<?>> running;
        synchronized (up) {
            running = List.copyOf(up);
        }
        Map<String, String> failures = new LinkedHashMap<>();
        for (Seat<?> seat : running) {
            // The role keeps its own patience; ours is for a role that forgets it.
            attempt(seat, "drain", patience.drain().plus(patience.close()), failures, () -> seat.role()
                    .drain(patience.drain()));
        }
        for (Seat<?> seat : running) {
            long begun = time.nanos();
            attempt(seat, "close", patience.close(), failures, () -> seat.role().close());
            synchronized (up) {
                up.remove(seat);
            }
            narrator.stopped(seat, since(begun));
        }
        return failures;
    }

    /**
     * On a thread of its own, so that a role that hangs is left behind and named instead of taking all with it. A stop is not interrupted
     * by a second wish to stop; who cannot wait forces.
     */
    private static void attempt(
            Seat<?> seat, String what, Duration deadline, Map<String, String> failures, Runnable step) {
        String role = seat.role().name();
        FutureTask<@Nullable Void> task = new FutureTask<>(step, null);
        Thread thread = Threads.one(role, what, task);
        thread.start();
        try {
            await(task, deadline);
        } catch (TimeoutException hung) {
            failures.merge(role, what + " did not end within " + deadline.toSeconds() + " s", (a, b) -> a + "; " + b);
            log.error("{} did not {} within {} s and is left behind", role, what, deadline.toSeconds(), where(thread));
            thread.interrupt();
        } catch (ExecutionException failed) {
            failures.merge(role, what + " failed: " + failed.getCause(), (a, b) -> a + "; " + b);
            log.error("{} failed to {}", role, what, failed.getCause());
        }
    }

    /** A signal that arrives while a failed start is undone must not leave half of the roles running. */
    private static void await(FutureTask<@Nullable Void> task, Duration deadline)
            throws ExecutionException, TimeoutException {
        // The process's own patience, which no test's hand moves.
        long end = System.nanoTime() + deadline.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Where a thread stands, in the form every log knows how to show. */
    private static Exception where(Thread thread) {
        Exception where = new Exception("thread " + thread.getName() + " stands here");
        where.setStackTrace(thread.getStackTrace());
        return where;
    }

    private Duration since(long begun) {
        return Duration.ofNanos(time.nanos() - begun);
    }
}
