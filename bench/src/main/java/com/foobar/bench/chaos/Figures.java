package com.foobar.bench.chaos;

import java.time.Duration;
import java.util.List;

/** A handful of lengths of time, by nearest rank: with five rounds the 95th percentile is the longest, and that is right. */
record Figures(List<Duration> sorted) {

    Figures {
        sorted = sorted.stream().sorted().toList();
    }

    Duration percentile(int percent) {
        int rank = (sorted.size() * percent + 99) / 100;
        return sorted.isEmpty() ? Duration.ZERO : sorted.get(Math.max(0, rank - 1));
    }

    String ms(int percent) {
        return sorted.isEmpty() ? "–" : Long.toString(percentile(percent).toMillis());
    }
}
