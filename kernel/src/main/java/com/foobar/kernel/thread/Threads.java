package com.foobar.kernel.thread;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Names threads {@code owner-purpose-number} ({@code lb1-check-1}), so that a thread dump reads like the topology. */
public final class Threads {

    private Threads() {}

    /** A factory of daemon threads: what must finish before the process ends is the supervisor's to wait for. */
    public static ThreadFactory named(String owner, String purpose) {
        AtomicInteger number = new AtomicInteger();
        return task -> one(owner, purpose, number.incrementAndGet(), task);
    }

    /** One daemon thread, not started. */
    public static Thread one(String owner, String purpose, Runnable task) {
        return one(owner, purpose, 1, task);
    }

    private static Thread one(String owner, String purpose, int number, Runnable task) {
        Thread thread = new Thread(task, owner + "-" + purpose + "-" + number);
        thread.setDaemon(true);
        return thread;
    }
}
