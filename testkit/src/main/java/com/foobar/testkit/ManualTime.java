package com.foobar.testkit;

import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still until a test moves it. Tasks run in the thread that calls {@link #advance}, each at exactly its own
 * time, in the order they fall due and then in the order they were given.
 */
public final class ManualTime implements Time {

    /**
     * Five seconds before the overflow: code that compares {@code nanos()} instead of their difference is right on most
     * machines and fails here.
     */
    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

    private static final Duration FOREVER = Duration.ofDays(36_500);

    /** Held while time moves, so that two threads that advance do not interleave; a task may advance again. */
    private final ReentrantLock turn = new ReentrantLock();

    /** Guards everything below; never held while a task runs. */
    private final Object state = new Object();

    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private long nanos = ORIGIN;
    private Instant wall;
    private long order;

    public ManualTime() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    public ManualTime(Instant wall) {
        this.wall = wall;
    }

    @Override
    public long nanos() {
        synchronized (state) {
            return nanos;
        }
    }

    @Override
    public Instant instant() {
        synchronized (state) {
            return wall;
        }
    }

    @Override
    public Timeout after(Duration delay, Runnable task) {
        return wait(new Waiting(task, null), delay);
    }

    @Override
    public Timeout every(Duration delay, Runnable task) {
        if (delay.isZero() || delay.isNegative()) {
            throw new IllegalArgumentException("a repeated task needs a delay above zero, not " + delay);
        }
        return wait(new Waiting(task, delay), delay);
    }

    /**
     * Moves both clocks and runs what falls due on the way. A task that throws stops neither the others nor its own
     * repetition, just as with the real timer, but its failure comes out at the end: a test must not miss it.
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("monotonic time never goes back: " + by);
        }
        turn.lock();
        try {
            Failures failures = new Failures();
            long target = nanos() + by.toNanos();
            for (Waiting due = takeDue(target); due != null; due = takeDue(target)) {
                failures.collect(due.task);
                repeat(due);
            }
            moveTo(target);
            failures.throwFirst();
        } finally {
            turn.unlock();
        }
    }

    /** What an administrator or NTP does to a machine: the wall clock jumps, either way, and nothing falls due. */
    public void jumpWallClock(Duration by) {
        synchronized (state) {
            wall = wall.plus(by);
        }
    }

    /** How many tasks wait; a component that is closed should leave none behind. */
    public int waiting() {
        synchronized (state) {
            return waiting.size();
        }
    }

    private Timeout wait(Waiting task, Duration delay) {
        synchronized (state) {
            enqueue(task, delay);
        }
        return () -> {
            synchronized (state) {
                task.cancelled = true;
                waiting.remove(task);
            }
        };
    }

    private void repeat(Waiting done) {
        synchronized (state) {
            if (done.again != null && !done.cancelled) {
                enqueue(done, done.again);
            }
        }
    }

    /** Called with {@link #state} held. */
    private void enqueue(Waiting task, Duration delay) {
        Duration bounded = delay.isNegative() ? Duration.ZERO : delay.compareTo(FOREVER) > 0 ? FOREVER : delay;
        task.due = nanos + bounded.toNanos();
        task.order = order++;
        waiting.add(task);
    }

    private @Nullable Waiting takeDue(long target) {
        synchronized (state) {
            Waiting first = waiting.peek();
            if (first == null || first.due - target > 0) {
                return null;
            }
            moveTo(first.due);
            return waiting.poll();
        }
    }

    /** Never back: a task that advanced time itself has already moved further. */
    private void moveTo(long target) {
        synchronized (state) {
            long step = target - nanos;
            if (step > 0) {
                nanos = target;
                wall = wall.plusNanos(step);
            }
        }
    }

    /** Mutable on purpose: the queue finds it again by identity. Guarded by the owner's state lock. */
    private static final class Waiting implements Comparable<Waiting> {
        private final Runnable task;
        private final @Nullable Duration again;
        private long due;
        private long order;
        private boolean cancelled;

        Waiting(Runnable task, @Nullable Duration again) {
            this.task = task;
            this.again = again;
        }

        @Override
        public int compareTo(Waiting other) {
            long difference = due - other.due;
            return difference == 0 ? Long.compare(order, other.order) : Long.signum(difference);
        }
    }

    private static final class Failures {
        private @Nullable Throwable first;

        void collect(Runnable task) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                if (first == null) {
                    first = e;
                } else if (first != e) {
                    first.addSuppressed(e);
                }
            }
        }

        void throwFirst() {
            if (first instanceof Error error) {
                throw error;
            }
            if (first instanceof RuntimeException failure) {
                throw failure;
            }
        }
    }
}
