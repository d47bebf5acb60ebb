package com.foobar.bench;

import java.time.Duration;
import java.util.Arrays;

/**
 * Quantiles of the time from the moment a request should have been sent.
 *
 * @param generator the 99th percentile of how late the generator itself was: below it nothing can be told apart
 */
record Latency(Duration p50, Duration p99, Duration p999, Duration generator) {

    /** @param nanos one per request; sorted in place */
    static Latency of(long[] nanos, long[] generatorNanos) {
        Arrays.sort(nanos);
        Arrays.sort(generatorNanos);
        return new Latency(
                quantile(nanos, 0.5), quantile(nanos, 0.99), quantile(nanos, 0.999), quantile(generatorNanos, 0.99));
    }

    /** The smallest value that at least this share does not exceed. */
    private static Duration quantile(long[] sorted, double share) {
        if (sorted.length == 0) {
            return Duration.ZERO;
        }
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return Duration.ofNanos(sorted[Math.max(0, index)]);
    }
}
