package com.foobar.appserver.data;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much of one pool each application may hold at once. One that never gives anything back then leaves some for the others and for the
 * server's own work (sessions), which has no limit.
 */
final class Shares {

    /** The server itself, in place of an application's name. */
    static final String OWN_WORK = "";

    private final int each;
    private final Map<String, Semaphore> left = new ConcurrentHashMap<>();

    Shares(int each) {
        this.each = each;
    }

    static int threeQuarters(int pool) {
        return Math.max(1, pool - Math.max(1, pool / 4));
    }

    int each() {
        return each;
    }

    /** Waits; false when the application holds all of its share to the end of that time. To be given back when true. */
    boolean take(String application, Duration wait) throws InterruptedException {
        return application.equals(OWN_WORK) || of(application).tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    void giveBack(String application) {
        if (!application.equals(OWN_WORK)) {
            of(application).release();
        }
    }

    private Semaphore of(String application) {
        return left.computeIfAbsent(application, first -> new Semaphore(each));
    }
}
