package com.foobar.kernel.metrics;

import java.util.Arrays;

/**
 * The fixed buckets of every latency histogram: eight to each power of two from 1 µs to 69 s, so that a quantile is off by 12 %
 * at most; and each bound that Prometheus shows splits the bucket it falls into, so that those counts are exact.
 */
final class LatencyBuckets {

    /** The bounds on show, in seconds: narrow where a web page is, each easy to say. */
    private static final double[] SHOWN_SECONDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };

    private static final int STEPS_LOG2 = 3;
    private static final int FIRST_OCTAVE = 10;
    private static final int LAST_OCTAVE = 35;
    /** One below the first octave, and one above the last. */
    private static final int CELLS = ((LAST_OCTAVE - FIRST_OCTAVE + 1) << STEPS_LOG2) + 2;

    /** The largest value of each bucket, in nanoseconds; the last has no end. */
    private static final long[] UPPER = uppers();
    /** The first bucket of each cell of the logarithmic grid. */
    private static final int[] FIRST_OF_CELL = firsts();

    private LatencyBuckets() {}

    static int count() {
        return UPPER.length;
    }

    static long upper(int bucket) {
        return UPPER[bucket];
    }

    static double[] shownSeconds() {
        return SHOWN_SECONDS.clone();
    }

    static long shownNanos(int bound) {
        return Math.round(SHOWN_SECONDS[bound] * 1e9);
    }

    /** No loop and no division: a shift finds the cell, one comparison says on which side of a shown bound it lies. */
    static int of(long nanos) {
        int bucket = FIRST_OF_CELL[cell(nanos)];
        return nanos > UPPER[bucket] ? bucket + 1 : bucket;
    }

    private static int cell(long nanos) {
        int octave = 63 - Long.numberOfLeadingZeros(nanos | 1);
        if (octave < FIRST_OCTAVE || nanos < 0) {
            return 0;
        }
        if (octave > LAST_OCTAVE) {
            return CELLS - 1;
        }
        int step = (int) (nanos >>> (octave - STEPS_LOG2)) & ((1 << STEPS_LOG2) - 1);
        return ((octave - FIRST_OCTAVE) << STEPS_LOG2) + step + 1;
    }

    private static long cellUpper(int cell) {
        if (cell == CELLS - 1) {
            return Long.MAX_VALUE;
        }
        int octave = FIRST_OCTAVE + (cell >> STEPS_LOG2);
        long step = cell & ((1 << STEPS_LOG2) - 1);
        return (1L << octave) + (step << (octave - STEPS_LOG2)) - 1;
    }

    private static long[] uppers() {
        long[] all = new long[CELLS + SHOWN_SECONDS.length];
        for (int cell = 0; cell < CELLS; cell++) {
            all[cell] = cellUpper(cell);
        }
        for (int bound = 0; bound < SHOWN_SECONDS.length; bound++) {
            all[CELLS + bound] = shownNanos(bound);
        }
        return Arrays.stream(all).sorted().distinct().toArray();
    }

    private static int[] firsts() {
        int[] firsts = new int[CELLS];
        for (int cell = 1; cell < CELLS; cell++) {
            firsts[cell] = Arrays.binarySearch(UPPER, cellUpper(cell - 1)) + 1;
        }
        return firsts;
    }
}
