package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.RawHttp;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import com.foobar.testkit.Tools;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    @TempDir
    private Path data;

    /** Another label order must not fail the test. */
    private static String value(String scrape, String metric, String... labels) {
        return scrape.lines()
                .filter(line -> line.startsWith(metric + "{"))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .reduce((one, two) -> one + " " + two)
                .orElse("none");
    }

    @Test
    void what_happened_is_counted_and_a_server_that_is_gone_is_forgotten() throws Exception {
        try (ScriptedBackend web1 = ScriptedBackend.answering("web1");
                ScriptedBackend web2 = ScriptedBackend.answering("web2")) {
            web2.stop();
            String[] yaml = {
                "check: {kind: http, path: /health, timeout: 5s}",
                "routes: {closed: {path: /closed, maintenance: true}}"
            };
            try (Balancer balancer = Balancer.started(data, List.of(web1, web2), yaml)) {
                for (int i = 0; i < 5; i++) {
                    assertThat(balancer.get("/").text()).isEqualTo("web1");
                }
                assertThat(balancer.get("/closed").status()).isEqualTo(503);
                // A request is counted before it is logged.
                assertThat(balancer.log.await(6)).hasSize(6);
                String scrape = balancer.scrape();
                assertThat(value(scrape, "foobar_lb_requests_total", "backend=\"web1\"", "class=\"2xx\""))
                        .isEqualTo("5.0");
                assertThat(value(scrape, "foobar_lb_requests_total", "pool=\"\"", "class=\"5xx\""))
                        .isEqualTo("1.0");
                assertThat(value(scrape, "foobar_lb_endings_total", "reason=\"maintenance\""))
                        .isEqualTo("1.0");
                assertThat(value(scrape, "foobar_lb_backend_up", "backend=\"web1\""))
                        .isEqualTo("1.0");
                assertThat(value(scrape, "foobar_lb_backend_up", "backend=\"web2\""))
                        .isEqualTo("0.0");
                assertThat(value(scrape, "foobar_lb_picks_total", "backend=\"web1\""))
                        .isEqualTo("5.0");
                balancer.reload(List.of(web2), yaml);
                assertThat(balancer.scrape()).doesNotContain("backend=\"web1\"").contains("backend=\"web2\"");
            }
        }
    }

    @Test
    void the_last_requests_of_a_server_do_not_bring_its_series_back() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch finish = new CountDownLatch(1);
        Script last =
                Script.script().tell(inside).hold(finish).write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast");
        try (ScriptedBackend web1 = ScriptedBackend.scripted("web1", request -> last);
                ScriptedBackend web2 = ScriptedBackend.answering("web2");
                Balancer balancer = Balancer.started(
                        data,
                        List.of(web1),
                        Balancer.UNCHECKED,
                        "pools: {other: {servers: {o1: {address: '127.0.0.1:" + web1.port() + "'}}}}",
                        "routes: {other: {path: /other, pool: other}}");
                RawHttp one = balancer.connect();
                RawHttp two = balancer.connect()) {
            one.sendLines("GET / HTTP/1.1", "Host: " + Balancer.SITE);
            two.sendLines("GET /other HTTP/1.1", "Host: " + Balancer.SITE);
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(balancer.scrape()).contains("backend=\"web1\"").contains("pool=\"other\"");
            balancer.reload(List.of(web2), Balancer.UNCHECKED);
            finish.countDown();
            assertThat(one.response().text()).isEqualTo("last");
            assertThat(two.response().text()).isEqualTo("last");
            // A request is counted before it is logged.
            assertThat(balancer.log.await(2)).hasSize(2);
            assertThat(balancer.scrape())
                    .doesNotContain("backend=\"web1\"")
                    .doesNotContain("pool=\"other\"")
                    .contains("backend=\"web2\"");
        }
    }

    @Test
    void promtool_finds_nothing_to_complain_about() throws Exception {
        Path promtool = Tools.require("promtool");
        try (ScriptedBackend web1 = ScriptedBackend.answering("web1");
                Balancer balancer = Balancer.started(data, List.of(web1), "check: {kind: tcp}")) {
            assertThat(balancer.get("/").status()).isEqualTo(200);
            assertThat(balancer.log.await(1)).hasSize(1);
            Path said = data.resolve("promtool.txt");
            Process check = new ProcessBuilder(promtool.toString(), "check", "metrics")
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            try (OutputStream in = check.getOutputStream()) {
                balancer.metrics.write(in, null);
            }
            assertThat(check.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(said)).isEmpty();
            assertThat(check.exitValue()).isZero();
        }
    }
}
