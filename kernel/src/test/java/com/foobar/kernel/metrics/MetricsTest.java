package com.foobar.kernel.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.foobar.kernel.ExternalTool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final Metrics metrics = Metrics.create();

    @Test
    void promtoolHasNothingToSay() throws Exception {
        ExternalTool promtool = ExternalTool.needed("promtool");
        metrics.counter("foobar_lb_requests_total", "Requests answered.", "backend")
                .labelValues("web1")
                .inc();
        metrics.gauge("foobar_pool_backends", "Backends of a pool.").set(3);
        metrics.histogram("foobar_lb_body_bytes", "Sizes of bodies.", new double[] {100, 1000})
                .observe(7);
        metrics.info("foobar_build_info", "What was built.", "version").setLabelValues("0.1.0");
        metrics.readCounter("foobar_log_dropped_events_total", "Events dropped.", () -> 4);
        metrics.latencies("foobar_lb_request_seconds", "Durations.", "pool")
                .of("web")
                .record(3_000_000);
        assertThat(promtool.run(scrape(null).getBytes(StandardCharsets.UTF_8), "check", "metrics"))
                .isEmpty();
    }

    @Test
    void namesAreExposedAsTheyAreWritten() throws IOException {
        metrics.counter("foobar_lb_requests_total", "Requests answered.", "backend")
                .labelValues("we\"b\n1")
                .inc(2);
        metrics.info("foobar_build_info", "What was built.", "version").setLabelValues("0.1.0");
        assertThat(scrape(null))
                .contains("# TYPE foobar_lb_requests_total counter\n")
                .contains("foobar_lb_requests_total{backend=\"we\\\"b\\n1\"} 2.0\n")
                .contains("foobar_build_info{version=\"0.1.0\"} 1\n");
    }

    @Test
    void latenciesShowTheReadableBoundsExactly() throws IOException {
        LatencyHistogram web = metrics.latencies("foobar_lb_request_seconds", "Durations.", "pool")
                .of("web");
        web.record(Duration.ofMillis(1));
        web.record(Duration.ofMillis(1).plusNanos(1));
        web.record(Duration.ofSeconds(11));
        assertThat(scrape(null))
                .contains("foobar_lb_request_seconds_bucket{pool=\"web\",le=\"5.0E-4\"} 0\n")
                .contains("foobar_lb_request_seconds_bucket{pool=\"web\",le=\"0.001\"} 1\n")
                .contains("foobar_lb_request_seconds_bucket{pool=\"web\",le=\"0.0025\"} 2\n")
                .contains("foobar_lb_request_seconds_bucket{pool=\"web\",le=\"10.0\"} 2\n")
                .contains("foobar_lb_request_seconds_bucket{pool=\"web\",le=\"+Inf\"} 3\n")
                .contains("foobar_lb_request_seconds_count{pool=\"web\"} 3\n")
                .contains("foobar_lb_request_seconds_sum{pool=\"web\"} 11.002000001\n");
    }

    @Test
    void whatAReloadTakesAwayIsGoneFromTheNextScrapeAndMayComeBack() throws IOException {
        Latencies latencies = metrics.latencies("foobar_lb_request_seconds", "Durations.", "pool");
        latencies.of("old").record(1);
        latencies.remove("old");
        Registration open = metrics.readGauge("foobar_lb_connections", "Open.", () -> 7);
        assertThat(scrape(null)).contains("foobar_lb_connections 7.0").doesNotContain("pool=\"old\"");
        open.close();
        open.close();
        assertThat(scrape(null)).doesNotContain("foobar_lb_connections");
        metrics.readGauge("foobar_lb_connections", "Open.", () -> 8);
        open.close();
        assertThat(scrape(null)).contains("foobar_lb_connections 8.0");
    }

    @Test
    void readingsComeFromTheMomentOfTheScrape() throws IOException {
        AtomicLong sent = new AtomicLong(1);
        metrics.readCounters("foobar_sent_bytes_total", "Bytes sent.", into -> into.add(sent.get(), "web1"), "backend");
        assertThat(scrape(null)).contains("foobar_sent_bytes_total{backend=\"web1\"} 1.0");
        sent.set(5);
        assertThat(scrape(null)).contains("foobar_sent_bytes_total{backend=\"web1\"} 5.0");
    }

    @Test
    void aSourceThatFailsIsCountedAndTheRestIsThere() throws IOException {
        metrics.readGauge("foobar_broken", "Broken.", () -> {
            throw new IllegalStateException("gone");
        });
        metrics.gauge("foobar_well", "Well.").set(1);
        scrape(null);
        assertThat(scrape(null))
                .contains("foobar_well 1.0")
                .containsPattern("foobar_metrics_failed_readings_total\\{metric=\"foobar_broken\"} [12]\\.0");
    }

    @Test
    void twoMetricsNeverShareASeries() {
        metrics.counter("foobar_a_total", "First.");
        assertThatIllegalStateException()
                .isThrownBy(() -> metrics.counter("foobar_a_total", "Second."))
                .withMessageContainingAll("COUNTER foobar_a_total (First.)", "COUNTER foobar_a_total (Second.)");
        assertThatIllegalStateException()
                .isThrownBy(() -> metrics.gauge("foobar_a", "Third."))
                .withMessageContainingAll("COUNTER foobar_a_total", "GAUGE foobar_a");
        metrics.latencies("foobar_b_seconds", "Durations.");
        assertThatIllegalStateException()
                .isThrownBy(() -> metrics.histogram("foobar_b_seconds", "Again.", new double[] {1}));
    }

    @Test
    void aBadNameSaysEverythingThatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.gauge("lag_ms", "Lag", "le"))
                .withMessageContainingAll("lag_ms", "prefix", "unit 'ms'", "full stop", "label 'le'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.latencies("foobar_c_seconds", "Durations.", "pool")
                        .of("a", "b"))
                .withMessageContaining("[pool]");
    }

    @Test
    void theProcessShowsItselfUnderTheNamesDashboardsKnow() throws IOException {
        assertThat(scrape(null))
                .containsPattern("\nprocess_cpu_seconds_total [0-9.E]+\n")
                .containsPattern("\nprocess_start_time_seconds 1\\.[0-9]+E9\n")
                .containsPattern("\nprocess_open_fds [1-9][0-9.]*\n")
                .containsPattern("\nprocess_resident_memory_bytes [1-9][0-9.]+E[78]\n")
                .containsPattern("\njvm_memory_used_bytes\\{area=\"heap\"} [1-9]")
                .containsPattern("\njvm_gc_collection_seconds_total\\{gc=\"[A-Za-z ]+\"} [0-9]")
                .containsPattern("\njvm_threads_current [1-9]")
                .containsPattern("\njvm_uptime_seconds [0-9]");
    }

    @Test
    void whoAsksForOpenMetricsGetsIt() throws IOException {
        String accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
        assertThat(Metrics.contentType(accept)).startsWith("application/openmetrics-text");
        assertThat(scrape(accept)).endsWith("# EOF\n");
        assertThat(Metrics.contentType("text/html")).startsWith("text/plain");
        assertThat(Metrics.contentType(null)).startsWith("text/plain; version=0.0.4");
        assertThat(scrape("*/*")).doesNotContain("# EOF");
    }

    private String scrape(String accept) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.write(out, accept);
        return out.toString(StandardCharsets.UTF_8);
    }
}
