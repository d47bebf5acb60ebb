package com.foobar.appserver.container;

import com.foobar.kernel.metrics.Latencies;
import com.foobar.kernel.metrics.LatencyHistogram;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.metrics.Readings;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/** What is counted about the application servers of a process. The hot path touches only what it has looked up before. */
public final class AppMetrics {
    private static final List<String> CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private final Counter requests;
    private final Counter refused;
    private final Counter deployments;
    private final Latencies latencies;
    private final Map<Key, Meter> meters = new ConcurrentHashMap<>();
    private final List<BiConsumer<String, Readings>> boards = new CopyOnWriteArrayList<>();
    private final LongAdder arrived = new LongAdder();
    private final LongAdder left = new LongAdder();

    private record Key(String server, String application) {}

    private record Meter(List<CounterDataPoint> byClass, LatencyHistogram latency) {}

    /** Once for each process. */
    public AppMetrics(Metrics metrics) {
        requests = metrics.counter(
                "foobar_app_requests_total", "Requests by class of status.", "app", "application", "class");
        refused = metrics.counter(
                "foobar_app_refused_total", "Requests refused because there were too many.", "app", "application");
        deployments = metrics.counter(
                "foobar_app_deployments_total", "Attempts to start an application.", "app", "application", "result");
        latencies = metrics.latencies("foobar_app_request_seconds", "Whole requests.", "app", "application");
        gauge(metrics, "in_flight", "Requests under way.", "app", "application");
        gauge(metrics, "application_up", "Whether an application is started, 1 or 0.", "app", "application");
        gauge(metrics, "applications", "Applications by state of their last deployment.", "app", "state");
        gauge(metrics, "threads", "Threads for requests.", "app", "state");
        gauge(metrics, "queue_length", "Requests that wait for a thread.", "app");
        metrics.readGauge(
                "foobar_app_requests_in_flight",
                "Requests under way in all application servers.",
                () -> arrived.sum() - left.sum());
    }

    private void gauge(Metrics metrics, String name, String help, String... labels) {
        metrics.readGauges(
                "foobar_app_" + name, help, into -> boards.forEach(board -> board.accept(name, into)), labels);
    }

    /** Whoever is added is asked for the metric of that short name at each scrape. */
    public void add(BiConsumer<String, Readings> board) {
        boards.add(board);
    }

    public void remove(BiConsumer<String, Readings> board) {
        boards.remove(board);
    }

    /** An attempt to start an application: {@code started}, {@code failed} or {@code refused}. */
    public void deployed(String server, String application, String result) {
        deployments.labelValues(server, application, result).inc();
    }

    void arrived() {
        arrived.increment();
    }

    void left() {
        left.increment();
    }

    void refused(String server, String application) {
        refused.labelValues(server, application).inc();
    }

    void served(String server, String application, int status, long nanos) {
        Key key = new Key(server, application);
        Meter meter = meters.get(key);
        if (meter == null) {
            meter = meters.computeIfAbsent(key, missing -> made(server, application));
        }
        meter.byClass.get(Math.max(0, Math.min(status / 100, 5))).inc();
        meter.latency.record(nanos);
    }

    private Meter made(String server, String application) {
        List<CounterDataPoint> byClass = CLASSES.stream()
                .map(one -> requests.labelValues(server, application, one))
                .toList();
        return new Meter(byClass, latencies.of(server, application));
    }
}
