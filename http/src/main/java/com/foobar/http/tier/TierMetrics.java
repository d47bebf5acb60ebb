package com.foobar.http.tier;

import com.foobar.http.forward.Ending;
import com.foobar.http.forward.Journey;
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
import java.util.function.BiConsumer;

/** What is counted about the tiers of one kind in a process. The hot path touches only what it has looked up before. */
public final class TierMetrics {
    private static final List<String> CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");
    private static final List<String> RESULTS = List.of("passed", "failed");

    private final String tier;
    private final Counter requests;
    private final Counter endings;
    private final Latencies responses;
    private final Latencies totals;
    private final Latencies connects;
    private final Counter checks;
    private final Map<Key, Meter> meters = new ConcurrentHashMap<>();
    private final List<BiConsumer<String, Readings>> boards = new CopyOnWriteArrayList<>();

    /** Not one string: strings know their hashes, and the parts are there already. */
    private record Key(String name, String pool, String backend) {}

    /** Everything about one backend as one tier sees it, or about the answers a tier made itself. */
    private record Meter(
            List<CounterDataPoint> byClass,
            LatencyHistogram response,
            LatencyHistogram total,
            LatencyHistogram connect,
            List<CounterDataPoint> checks) {}

    /**
     * Once for each kind of tier in a process.
     *
     * @param tier the kind: the label that holds a tier's name, and a part of each metric's name
     */
    public TierMetrics(Metrics metrics, String tier) {
        this.tier = tier;
        requests = metrics.counter(
                name("requests_total"), "Requests by class of status.", tier, "pool", "backend", "class");
        endings = metrics.counter(name("endings_total"), "Requests that did not end well, by reason.", tier, "reason");
        responses = metrics.latencies(
                name("response_seconds"),
                "From sending a request to the first byte of its answer.",
                tier,
                "pool",
                "backend");
        totals = metrics.latencies(name("request_seconds"), "Whole requests.", tier, "pool", "backend");
        connects = metrics.latencies(name("connect_seconds"), "New connections to servers.", tier, "pool", "backend");
        checks = metrics.counter(name("checks_total"), "Checks by result.", tier, "pool", "backend", "result");
        gauge(metrics, "backend_up", "Whether a server is used for new requests, 1 or 0.", "pool", "backend");
        gauge(metrics, "backend_in_flight", "Requests under way.", "pool", "backend");
        gauge(metrics, "backend_weight", "The weight that counts now.", "pool", "backend");
        counter(metrics, "picks_total", "Times a server was picked.", "pool", "backend");
        counter(metrics, "retries_total", "Requests sent on to another server.", "pool", "backend");
        counter(metrics, "ejections_total", "Times a server was put aside for failing requests.", "pool", "backend");
        gauge(metrics, "queue_length", "Requests that wait for a place.", "pool");
        gauge(metrics, "connections", "Open connections of clients.");
        counter(metrics, "log_lines_dropped_total", "Lines of the access log that were dropped.");
    }

    private String name(String metric) {
        return "foobar_" + tier + "_" + metric;
    }

    /** A value that the boards are asked for by the short name, at each scrape. */
    public void gauge(Metrics metrics, String metric, String help, String... labels) {
        metrics.readGauges(name(metric), help, into -> read(metric, into), labels(labels));
    }

    /** A count that the boards are asked for by the short name, at each scrape. */
    public void counter(Metrics metrics, String metric, String help, String... labels) {
        metrics.readCounters(name(metric), help, into -> read(metric, into), labels(labels));
    }

    private String[] labels(String... further) {
        String[] all = new String[further.length + 1];
        all[0] = tier;
        System.arraycopy(further, 0, all, 1, further.length);
        return all;
    }

    /** The kind of tier. */
    public String tier() {
        return tier;
    }

    private void read(String name, Readings into) {
        boards.forEach(board -> board.accept(name, into));
    }

    /** Whoever is added is asked for the metric of that short name at each scrape. */
    public void add(BiConsumer<String, Readings> board) {
        boards.add(board);
    }

    public void remove(BiConsumer<String, Readings> board) {
        boards.remove(board);
    }

    public void count(String name, Journey journey) {
        String backend = journey.backend() == null ? "" : journey.backend();
        Meter meter = meters.get(new Key(name, journey.pool(), backend));
        if (meter != null) {
            record(meter, journey);
        }
        if (journey.ending() != Ending.COMPLETE) {
            endings.labelValues(name, Access.lower(journey.ending())).inc();
        }
    }

    private static void record(Meter meter, Journey journey) {
        meter.byClass.get(Math.min(journey.status() / 100, 5)).inc();
        meter.total.record(journey.totalNanos());
        if (journey.firstByteNanos() > 0) {
            meter.response.record(journey.firstByteNanos());
        }
        if (journey.connectNanos() > 0) {
            meter.connect.record(journey.connectNanos());
        }
    }

    /** An answer that the tier is there to give by itself: a file. */
    public void served(String name, int status, long nanos) {
        Meter meter = meters.get(new Key(name, "", ""));
        if (meter != null) {
            meter.byClass.get(Math.min(status / 100, 5)).inc();
            meter.total.record(nanos);
        }
    }

    /** An answer of the tier's own instead of the one that was asked for. */
    public void answered(String name, int status, String reason) {
        Meter meter = meters.get(new Key(name, "", ""));
        if (meter != null) {
            meter.byClass.get(Math.min(status / 100, 5)).inc();
        }
        endings.labelValues(name, reason).inc();
    }

    void checked(String name, String pool, String backend, boolean passed) {
        Meter meter = meters.get(new Key(name, pool, backend));
        if (meter != null) {
            meter.checks.get(RESULTS.indexOf(passed ? "passed" : "failed")).inc();
        }
    }

    /**
     * Makes the series of one server, of a pool's own answers (no backend) or of a tier's (no pool either). Nothing else
     * makes them: the last requests of a server that is gone would bring its series back for good.
     */
    public void expect(String name, String pool, String backend) {
        Meter unused = meters.computeIfAbsent(new Key(name, pool, backend), missing -> made(name, pool, backend));
    }

    /** For servers that a reload took away. */
    public void forget(String name, String pool, String backend) {
        meters.remove(new Key(name, pool, backend));
        responses.remove(name, pool, backend);
        totals.remove(name, pool, backend);
        connects.remove(name, pool, backend);
        for (String one : CLASSES) {
            requests.remove(name, pool, backend, one);
        }
        for (String result : RESULTS) {
            checks.remove(name, pool, backend, result);
        }
    }

    private Meter made(String name, String pool, String backend) {
        List<CounterDataPoint> byClass = CLASSES.stream()
                .map(one -> requests.labelValues(name, pool, backend, one))
                .toList();
        return new Meter(
                byClass,
                responses.of(name, pool, backend),
                totals.of(name, pool, backend),
                connects.of(name, pool, backend),
                RESULTS.stream()
                        .filter(result -> !backend.isEmpty())
                        .map(result -> checks.labelValues(name, pool, backend, result))
                        .toList());
    }
}
