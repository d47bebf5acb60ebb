package com.foobar.bench.chaos;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Beats at a fixed distance; a beat that was missed is left out, so that nobody makes up for an outage with a burst. */
final class Pace {
    private final long distance;
    private long next;

    Pace(Duration distance) {
        this.distance = distance.toNanos();
        this.next = System.nanoTime();
    }

    void await() {
        next = Math.max(next + distance, System.nanoTime());
        until(next);
    }

    static void wait(Duration length) {
        until(System.nanoTime() + length.toNanos());
    }

    private static void until(long moment) {
        long left = moment - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = moment - System.nanoTime();
        }
    }
}
