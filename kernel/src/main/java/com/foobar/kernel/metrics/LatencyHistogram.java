package com.foobar.kernel.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations without a lock and without allocating. Each thread counts in one of a few stripes, so that two I/O threads
 * seldom write to the same cache line; a reader adds the stripes up. Never wraps, never resets: differences are for the reader.
 */
public final class LatencyHistogram {

    /** A stripe costs 2 kB, and there is a histogram for every backend. */
    private static final int MAX_STRIPES = 16;

    private static final int STRIPES = stripesFor(Runtime.getRuntime().availableProcessors());

    /** Slot 0 of a stripe holds the sum of its nanoseconds, the others the buckets. */
    private static final int BUCKETS_FROM = 1;

    private final AtomicLongArray[] stripes = new AtomicLongArray[STRIPES];

    LatencyHistogram() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new AtomicLongArray(BUCKETS_FROM + LatencyBuckets.count());
        }
    }

    /** Nanoseconds, the one bare number of this program's interfaces: a Duration per request would be garbage. */
    public void record(long nanos) {
        // Thread numbers are dense, so neighbours (the I/O threads of one worker) get different stripes.
        AtomicLongArray stripe = stripes[(int) Thread.currentThread().getId() & (STRIPES - 1)];
        stripe.getAndIncrement(BUCKETS_FROM + LatencyBuckets.of(nanos));
        stripe.getAndAdd(0, Math.max(0, nanos));
    }

    public void record(Duration duration) {
        record(duration.toNanos());
    }

    /** Everything since the start. The buckets are read one after the other: what is recorded meanwhile may be in or out. */
    public LatencySnapshot snapshot() {
        long[] counts = new long[LatencyBuckets.count()];
        long sum = 0;
        for (AtomicLongArray stripe : stripes) {
            sum += stripe.get(0);
            for (int bucket = 0; bucket < counts.length; bucket++) {
                counts[bucket] += stripe.get(BUCKETS_FROM + bucket);
            }
        }
        return new LatencySnapshot(counts, sum);
    }

    /** The next power of two, so that a mask finds the stripe. */
    private static int stripesFor(int processors) {
        return Math.min(MAX_STRIPES, Integer.highestOneBit(Math.max(1, 2 * processors - 1)));
    }
}
