package com.foobar.kernel.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The latency histograms of one metric. Look one up once and keep it in a field of what it measures: the look-up is not for the
 * hot path.
 */
public final class Latencies implements Collector {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double[] UPPER_BOUNDS = upperBounds();

    private final String name;
    private final String help;
    private final List<String> labelNames;
    private final ConcurrentMap<List<String>, LatencyHistogram> byLabels = new ConcurrentHashMap<>();

    Latencies(String name, String help, List<String> labelNames) {
        this.name = name;
        this.help = help;
        this.labelNames = labelNames;
    }

    /** The histogram of these label values, made where missing. */
    public LatencyHistogram of(String... labelValues) {
        if (labelValues.length != labelNames.size()) {
            throw new IllegalArgumentException(
                    name + " has the labels " + labelNames + ", not these values: " + Arrays.toString(labelValues));
        }
        return byLabels.computeIfAbsent(List.of(labelValues), values -> new LatencyHistogram());
    }

    /** For what a reload took away; a request still in flight counts into nothing. */
    public void remove(String... labelValues) {
        byLabels.remove(List.of(labelValues));
    }

    @Override
    public String getPrometheusName() {
        return name;
    }

    @Override
    public MetricSnapshot collect() {
        HistogramSnapshot.Builder all = HistogramSnapshot.builder().name(name).help(help);
        byLabels.forEach((values, histogram) -> all.dataPoint(point(values, histogram.snapshot())));
        return all.build();
    }

    private HistogramDataPointSnapshot point(List<String> values, LatencySnapshot snapshot) {
        return HistogramDataPointSnapshot.builder()
                .labels(Labels.of(labelNames, values))
                .classicHistogramBuckets(ClassicHistogramBuckets.of(UPPER_BOUNDS, snapshot.shownCounts()))
                .sum(snapshot.sum().toNanos() / NANOS_PER_SECOND)
                .build();
    }

    private static double[] upperBounds() {
        double[] shown = LatencyBuckets.shownSeconds();
        double[] bounds = Arrays.copyOf(shown, shown.length + 1);
        bounds[shown.length] = Double.POSITIVE_INFINITY;
        return bounds;
    }
}
