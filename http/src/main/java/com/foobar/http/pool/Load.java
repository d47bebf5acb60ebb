package com.foobar.http.pool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What one backend is carrying and has carried. It outlives a reload as long as name and address stay the same. */
public final class Load {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong picks = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong ejections = new AtomicLong();

    Load() {}

    /** Requests picked and not yet released. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Open connections, idle ones included; kept by the transport. */
    public int connections() {
        return connections.get();
    }

    /** Requests in the queue that stickiness binds to this backend and no other. */
    public int waiting() {
        return waiting.get();
    }

    public long picks() {
        return picks.get();
    }

    /** Requests that were taken to another attempt after failing here. */
    public long retries() {
        return retries.get();
    }

    public long ejections() {
        return ejections.get();
    }

    public void connectionOpened() {
        connections.incrementAndGet();
    }

    public void connectionClosed() {
        connections.decrementAndGet();
    }

    /** Takes a place below the limit (0 = none) and counts the pick; a loop of compare-and-set, so the limit is never passed. */
    boolean tryBegin(int limit) {
        int now;
        do {
            now = inFlight.get();
            if (limit > 0 && now >= limit) {
                return false;
            }
        } while (!inFlight.compareAndSet(now, now + 1));
        picks.incrementAndGet();
        return true;
    }

    /** The place of a finished request goes straight to a waiting one. */
    void handedOver() {
        picks.incrementAndGet();
    }

    /** Gives the place back; false when there was none to give, which is a bug of the caller. */
    boolean end() {
        int now;
        do {
            now = inFlight.get();
            if (now == 0) {
                return false;
            }
        } while (!inFlight.compareAndSet(now, now - 1));
        return true;
    }

    void retried() {
        retries.incrementAndGet();
    }

    void ejected() {
        ejections.incrementAndGet();
    }

    void waits(int more) {
        waiting.addAndGet(more);
    }
}
