package com.foobar.lb.rule;

import java.util.concurrent.atomic.AtomicInteger;

/** At most so many requests at once; shared by all I/O threads. */
public final class Concurrency {
    private final int most;
    private final AtomicInteger inside = new AtomicInteger();

    /** Zero is no limit, and then nothing is counted either: the counter would be the one word all threads fight for. */
    public Concurrency(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("a number of requests of at least 0");
        }
        this.most = most;
    }

    /** True when there is room; whoever got it calls {@link #leave} exactly once, whatever happens in between. */
    public boolean tryEnter() {
        if (most == 0) {
            return true;
        }
        int now = inside.get();
        while (now < most) {
            if (inside.compareAndSet(now, now + 1)) {
                return true;
            }
            now = inside.get();
        }
        return false;
    }

    public void leave() {
        if (most == 0) {
            return;
        }
        int now = inside.get();
        while (now > 0) {
            if (inside.compareAndSet(now, now - 1)) {
                return;
            }
            now = inside.get();
        }
        // Going below zero would silently raise the limit for good.
        throw new IllegalStateException("a request left a route it never entered");
    }

    /** How many are inside; zero when there is no limit. */
    public int inside() {
        return inside.get();
    }
}
