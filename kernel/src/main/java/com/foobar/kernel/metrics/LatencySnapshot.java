package com.foobar.kernel.metrics;

import java.time.Duration;
import java.util.Arrays;

/** What a latency histogram held at one moment. Immutable. */
public final class LatencySnapshot {

    private final long[] counts;
    private final long sumNanos;
    private final long count;

    LatencySnapshot(long[] counts, long sumNanos) {
        this.counts = counts;
        this.sumNanos = sumNanos;
        this.count = Arrays.stream(counts).sum();
    }

    public long count() {
        return count;
    }

    public Duration sum() {
        return Duration.ofNanos(sumNanos);
    }

    /** What came after the earlier snapshot of the same histogram: "the last minute" of a status page. */
    public LatencySnapshot since(LatencySnapshot earlier) {
        long[] difference = new long[counts.length];
        for (int bucket = 0; bucket < counts.length; bucket++) {
            difference[bucket] = counts[bucket] - earlier.counts[bucket];
        }
        return new LatencySnapshot(difference, sumNanos - earlier.sumNanos);
    }

    /**
     * The duration that this share of all did not exceed, at most 12.5 % too high and never too low; zero if nothing was
     * counted. Beyond 69 s the scale ends, and 69 s is the answer.
     *
     * @param share 0.99 for p99
     */
    public Duration quantile(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share lies between 0 and 1: " + share);
        }
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (int bucket = 0; bucket < counts.length && count > 0; bucket++) {
            seen += counts[bucket];
            if (seen >= rank) {
                return Duration.ofNanos(LatencyBuckets.upper(Math.min(bucket, counts.length - 2)));
            }
        }
        return Duration.ZERO;
    }

    /** Counts for the bounds on show, not cumulated; the last is what lies above them all. */
    long[] shownCounts() {
        int bounds = LatencyBuckets.shownSeconds().length;
        long[] shown = new long[bounds + 1];
        int bound = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            while (bound < bounds && LatencyBuckets.upper(bucket) > LatencyBuckets.shownNanos(bound)) {
                bound++;
            }
            shown[bound] += counts[bucket];
        }
        return shown;
    }
}
