package com.foobar.kernel.log;

import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.time.Instant;

/** Time that stands still until it is moved. */
final class HandTime implements Time {

    private volatile Instant now = Instant.parse("2026-11-21T12:03:04.123Z");

    void move(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public long nanos() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    @Override
    public Timeout after(Duration delay, Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Timeout every(Duration delay, Runnable task) {
        throw new UnsupportedOperationException();
    }
}
