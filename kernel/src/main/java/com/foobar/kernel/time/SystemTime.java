package com.foobar.kernel.time;

import com.foobar.kernel.thread.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clocks of the machine, and one timer thread named {@code owner-timer-1} that runs what waits. */
public final class SystemTime implements Time, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SystemTime.class);

    /** Beyond this a task is named in the log: every other task of the process waited for it. */
    private static final Duration SLOW_TASK = Duration.ofSeconds(1);

    /** How long close waits for the task that runs now; tasks are short, so one that takes longer hangs. */
    private static final Duration LAST_TASK = Duration.ofSeconds(2);

    /** "Never" is often written as an enormous Duration; it must not overflow into "at once". */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final ScheduledThreadPoolExecutor timer;

    /** Written and read to recognise a close that comes from a task, which must not wait for itself. */
    private volatile @Nullable Thread timerThread;

    public SystemTime(String owner) {
        var threads = Threads.named(owner, "timer");
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = threads.newThread(task);
            timerThread = thread;
            return thread;
        });
        // Timeouts are cancelled far more often than they fire: without this each stays in the queue until its time.
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public Timeout after(Duration delay, Runnable task) {
        try {
            return cancelling(timer.schedule(guarded(task), nanosOf(delay), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException e) {
            throw closed(e);
        }
    }

    @Override
    public Timeout every(Duration delay, Runnable task) {
        if (delay.isZero() || delay.isNegative()) {
            throw new IllegalArgumentException("a repeated task needs a delay above zero, not " + delay);
        }
        try {
            long nanos = nanosOf(delay);
            return cancelling(timer.scheduleWithFixedDelay(guarded(task), nanos, nanos, TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException e) {
            throw closed(e);
        }
    }

    /** Drops every waiting task and waits, not for long, for the one that runs. Harmless when called again. */
    @Override
    public void close() {
        timer.shutdown();
        if (Thread.currentThread() == timerThread) {
            return;
        }
        try {
            if (!timer.awaitTermination(LAST_TASK.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("A timer task still runs {} after the timer was closed; its thread is abandoned", LAST_TASK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Timeout cancelling(Future<?> waiting) {
        return () -> waiting.cancel(false);
    }

    /** The executor silently ends the repetition of a task that throws: a health check would stop and nobody would know. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            long began = System.nanoTime();
            try {
                task.run();
            } catch (Throwable e) {
                LOG.error(
                        "A timer task failed ({}); the timer goes on",
                        task.getClass().getName(),
                        e);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (took.compareTo(SLOW_TASK) > 0) {
                LOG.warn(
                        "A timer task took {} ({}) and made all others late",
                        took,
                        task.getClass().getName());
            }
        };
    }

    private static long nanosOf(Duration delay) {
        if (delay.isNegative()) {
            return 0;
        }
        return (delay.compareTo(FOREVER) > 0 ? FOREVER : delay).toNanos();
    }

    private static IllegalStateException closed(RejectedExecutionException cause) {
        return new IllegalStateException("this timer is closed: nothing can be made to wait on it any more", cause);
    }
}
