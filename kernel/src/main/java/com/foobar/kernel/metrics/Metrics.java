package com.foobar.kernel.metrics;

import com.foobar.kernel.metrics.Naming.Kind;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of one process. Made once by the launcher and handed to whoever counts; nothing is static, so that a test and two
 * stacks in one JVM do not count into each other. Names are checked when a metric is made: a bad one stops the start, not a
 * dashboard months later.
 */
public final class Metrics {

    private static final ExpositionFormatWriter TEXT = PrometheusTextFormatWriter.create();
    private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();

    private final PrometheusRegistry registry = new PrometheusRegistry();
    /** Guarded by this. Which metric owns a series; the value is what an error shows. */
    private final Map<String, String> owners = new HashMap<>();

    private final Counter failedReadings;

    private Metrics() {
        failedReadings = counter(
                "foobar_metrics_failed_readings_total",
                "Readings left out of a scrape because their source threw an exception.",
                "metric");
    }

    /** With the metrics of the process and the JVM in it. */
    public static Metrics create() {
        Metrics metrics = new Metrics();
        metrics.registry.register(new ProcessMetrics());
        return metrics;
    }

    /** A counter under the name it is exposed by, {@code _total} at its end. */
    public Counter counter(String name, String help, String... labels) {
        own(Kind.COUNTER, name, help, labels);
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    public Gauge gauge(String name, String help, String... labels) {
        own(Kind.GAUGE, name, help, labels);
        return Gauge.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    /** For what happens seldom; what happens on every request wants {@link #latencies}. */
    public Histogram histogram(String name, String help, double[] upperBounds, String... labels) {
        own(Kind.HISTOGRAM, name, help, labels);
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(upperBounds)
                .withoutExemplars()
                .register(registry);
    }

    /** A constant with labels, under the name it is exposed by, {@code _info} at its end. */
    public Info info(String name, String help, String... labels) {
        own(Kind.INFO, name, help, labels);
        return Info.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /** Histograms of durations, one per combination of label values, for the hot path. */
    public Latencies latencies(String name, String help, String... labels) {
        own(Kind.HISTOGRAM, name, help, labels);
        Latencies latencies = new Latencies(name, help, List.of(labels));
        registry.register(latencies);
        return latencies;
    }

    /** A gauge that is asked at each scrape. */
    public Registration readGauge(String name, String help, DoubleSupplier value) {
        return readGauges(name, help, into -> into.add(value.getAsDouble()));
    }

    /** A gauge with labels that is asked at each scrape: what it does not mention is not shown. */
    public Registration readGauges(String name, String help, Readings.Source source, String... labels) {
        own(Kind.GAUGE, name, help, labels);
        return registration(
                Kind.GAUGE,
                name,
                GaugeWithCallback.builder()
                        .name(name)
                        .help(help)
                        .labelNames(labels)
                        .callback(callback -> read(name, source, callback::call))
                        .register(registry));
    }

    /** A counter somebody else keeps (a LongAdder, a kernel file), asked at each scrape. It must never go down. */
    public Registration readCounter(String name, String help, DoubleSupplier value) {
        return readCounters(name, help, into -> into.add(value.getAsDouble()));
    }

    public Registration readCounters(String name, String help, Readings.Source source, String... labels) {
        own(Kind.COUNTER, name, help, labels);
        return registration(
                Kind.COUNTER,
                name,
                CounterWithCallback.builder()
                        .name(name)
                        .help(help)
                        .labelNames(labels)
                        .callback(callback -> read(name, source, callback::call))
                        .register(registry));
    }

    /** What {@link #write} will send for this Accept header; a header must be sent before a body. */
    public static String contentType(@Nullable String accept) {
        return format(accept).getContentType();
    }

    /** Writes all metrics: OpenMetrics to whoever asks for it, else the Prometheus text format. */
    public void write(OutputStream out, @Nullable String accept) throws IOException {
        format(accept).write(out, registry.scrape());
    }

    private static ExpositionFormatWriter format(@Nullable String accept) {
        return accept != null && OPEN_METRICS.accepts(accept) ? OPEN_METRICS : TEXT;
    }

    /** One source that fails must not take the whole scrape with it: that would blind the operator when it matters. */
    private void read(String name, Readings.Source source, Readings into) {
        try {
            source.read(into);
        } catch (RuntimeException failed) {
            failedReadings.labelValues(name).inc();
        }
    }

    private synchronized void own(Kind kind, String name, String help, String... labels) {
        List<String> complaints = Naming.complaints(kind, name, help, List.of(labels));
        if (!complaints.isEmpty()) {
            throw new IllegalArgumentException("metric " + name + " " + String.join("; it ", complaints));
        }
        String metric = kind + " " + name + " (" + help + ")";
        for (String series : kind.seriesOf(name)) {
            String owner = owners.get(series);
            if (owner != null) {
                throw new IllegalStateException("metric " + metric + " would share the series " + series + " with "
                        + owner + ": make a metric once and hand it over, or close the old one first");
            }
        }
        kind.seriesOf(name).forEach(series -> owners.put(series, metric));
    }

    private Registration registration(Kind kind, String name, Collector collector) {
        return new Registration() {
            private boolean closed;

            @Override
            public void close() {
                synchronized (Metrics.this) {
                    if (!closed) {
                        closed = true;
                        registry.unregister(collector);
                        kind.seriesOf(name).forEach(owners::remove);
                    }
                }
            }
        };
    }
}
