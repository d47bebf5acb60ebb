package com.foobar.bench;

import java.util.Arrays;

/** The median of the rounds and how far they lay apart. */
record Figure(double median, double lowest, double highest) {

    static Figure of(double... rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figure(median, sorted[0], sorted[sorted.length - 1]);
    }
}
