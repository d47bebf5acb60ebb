package com.foobar.lb;

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

/** What is counted about the balancers of a process. The hot path touches only what it has looked up before. */
public final class LbMetrics {
    private static final List<String> CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private static final List<String> RESULTS = List.of("passed", "failed");

    private final Counter requests;
    private final Counter endings;
    private final Latencies responses;
    private final Latencies totals;
    private final Latencies connects;
    private final Counter checks;
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();
    private final List<BiConsumer<String, Readings>> boards = new CopyOnWriteArrayList<>();

    /** Everything about one backend as one balancer sees it, or about the answers a balancer made itself. */
    private record Meter(
            List<CounterDataPoint> byClass,
            LatencyHistogram response,
            LatencyHistogram total,
            LatencyHistogram connect,
            List<CounterDataPoint> checks) {}

    public LbMetrics(Metrics metrics) {
        requests = metrics.counter(
                "foobar_lb_requests_total", "Requests by class of status.", "lb", "pool", "backend", "class");
        endings = metrics.counter(
                "foobar_lb_endings_total", "Requests that did not end well, by reason.", "lb", "reason");
        responses = metrics.latencies(
                "foobar_lb_response_seconds",
                "From sending a request to the first byte of its answer.",
                "lb",
                "pool",
                "backend");
        totals = metrics.latencies("foobar_lb_request_seconds", "Whole requests.", "lb", "pool", "backend");
        connects =
                metrics.latencies("foobar_lb_connect_seconds", "New connections to servers.", "lb", "pool", "backend");
        checks = metrics.counter("foobar_lb_checks_total", "Checks by result.", "lb", "pool", "backend", "result");
        gauge(metrics, "foobar_lb_backend_up", "Whether a server is used for new requests, 1 or 0.");
        gauge(metrics, "foobar_lb_backend_in_flight", "Requests under way.");
        gauge(metrics, "foobar_lb_backend_weight", "The weight that counts now.");
        counter(metrics, "foobar_lb_picks_total", "Times a server was picked.");
        counter(metrics, "foobar_lb_retries_total", "Requests sent on to another server.");
        counter(metrics, "foobar_lb_ejections_total", "Times a server was put aside for failing requests.");
        metrics.readGauges(
                "foobar_lb_connections",
                "Open connections of clients.",
                into -> read("foobar_lb_connections", into),
                "lb");
        metrics.readGauges(
                "foobar_lb_queue_length",
                "Requests that wait for a place.",
                into -> read("foobar_lb_queue_length", into),
                "lb",
                "pool");
        metrics.readCounters(
                "foobar_lb_log_lines_dropped_total",
                "Lines of the access log that were dropped.",
                into -> read("foobar_lb_log_lines_dropped_total", into),
                "lb");
    }

    private void gauge(Metrics metrics, String name, String help) {
        metrics.readGauges(name, help, into -> read(name, into), "lb", "pool", "backend");
    }

    private void counter(Metrics metrics, String name, String help) {
        metrics.readCounters(name, help, into -> read(name, into), "lb", "pool", "backend");
    }

    private void read(String name, Readings into) {
        boards.forEach(board -> board.accept(name, into));
    }

    /** Whoever is added is asked for the metric of that name at each scrape. */
    void add(BiConsumer<String, Readings> board) {
        boards.add(board);
    }

    void remove(BiConsumer<String, Readings> board) {
        boards.remove(board);
    }

    void count(String lb, Journey journey) {
        String backend = journey.backend() == null ? "" : journey.backend();
        Meter meter = meters.get(key(lb, journey.pool(), backend));
        if (meter != null) {
            record(meter, journey);
        }
        if (journey.ending() != com.foobar.http.forward.Ending.COMPLETE) {
            endings.labelValues(lb, Access.lower(journey.ending())).inc();
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

    /** An answer of the balancer's own. */
    void refused(String lb, int status, String reason) {
        Meter meter = meters.get(key(lb, "", ""));
        if (meter != null) {
            meter.byClass.get(Math.min(status / 100, 5)).inc();
        }
        endings.labelValues(lb, reason).inc();
    }

    void checked(String lb, String pool, String backend, boolean passed) {
        Meter meter = meters.get(key(lb, pool, backend));
        if (meter != null) {
            meter.checks.get(RESULTS.indexOf(passed ? "passed" : "failed")).inc();
        }
    }

    /**
     * Makes the series of one server, of a pool's own answers (no backend) or of a balancer's (no pool either). Nothing else
     * makes them: the last requests of a server that is gone would bring its series back for good.
     */
    void expect(String lb, String pool, String backend) {
        Meter unused = meters.computeIfAbsent(key(lb, pool, backend), missing -> made(lb, pool, backend));
    }

    /** For servers that a reload took away. */
    void forget(String lb, String pool, String backend) {
        meters.remove(key(lb, pool, backend));
        responses.remove(lb, pool, backend);
        totals.remove(lb, pool, backend);
        connects.remove(lb, pool, backend);
        for (String one : CLASSES) {
            requests.remove(lb, pool, backend, one);
        }
        for (String result : RESULTS) {
            checks.remove(lb, pool, backend, result);
        }
    }

    private Meter made(String lb, String pool, String backend) {
        List<CounterDataPoint> byClass = CLASSES.stream()
                .map(one -> requests.labelValues(lb, pool, backend, one))
                .toList();
        return new Meter(
                byClass,
                responses.of(lb, pool, backend),
                totals.of(lb, pool, backend),
                connects.of(lb, pool, backend),
                RESULTS.stream()
                        .filter(result -> !backend.isEmpty())
                        .map(result -> checks.labelValues(lb, pool, backend, result))
                        .toList());
    }

    private static String key(String lb, String pool, String backend) {
        return backend.isEmpty() ? lb + ' ' + pool : lb + ' ' + pool + ' ' + backend;
    }
}
