package com.foobar.http.pool;

import java.util.concurrent.TimeUnit;

/**
 * How many retries a pool can afford: over the last ten seconds, no more than a percentage of its requests plus a few per second.
 * Without it a pool of failing servers would see its load multiplied by the number of attempts just when it can least bear it.
 */
public final class RetryBudget {
    private static final int SECONDS = 10;

    private final int percent;
    private final int alwaysPerSecond;

    // All below guarded by this. One slot per second; a slot of another second is stale and counts as empty.
    private final long[] second = new long[SECONDS];
    private final long[] requests = new long[SECONDS];
    private final long[] retries = new long[SECONDS];

    /**
     * @param percent of the requests that may be retried
     * @param alwaysPerSecond retries allowed besides, so that a quiet pool can retry at all
     */
    public RetryBudget(int percent, int alwaysPerSecond) {
        if (percent < 0 || percent > 100 || alwaysPerSecond < 0) {
            throw new IllegalArgumentException("retry budget: " + percent + " % and " + alwaysPerSecond
                    + " per second: need a percentage within 0..100 and no negative number");
        }
        this.percent = percent;
        this.alwaysPerSecond = alwaysPerSecond;
    }

    /** Counts a request; retries of it are not requests. */
    public synchronized void request(long nowNanos) {
        requests[slot(nowNanos)]++;
    }

    /** Takes one retry out of the budget, if there is one. */
    synchronized boolean take(long nowNanos) {
        int slot = slot(nowNanos);
        long asked = 0;
        long taken = 0;
        for (int i = 0; i < SECONDS; i++) {
            if (second[slot] - second[i] < SECONDS) {
                asked += requests[i];
                taken += retries[i];
            }
        }
        if (taken >= asked * percent / 100 + (long) alwaysPerSecond * SECONDS) {
            return false;
        }
        retries[slot]++;
        return true;
    }

    private int slot(long nowNanos) {
        long now = Math.floorDiv(nowNanos, TimeUnit.SECONDS.toNanos(1));
        int slot = (int) Math.floorMod(now, (long) SECONDS);
        if (second[slot] != now) {
            second[slot] = now;
            requests[slot] = 0;
            retries[slot] = 0;
        }
        return slot;
    }
}
