package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one server's hang, cut or death means for those who ask. */
class FailuresTest extends TwoServers {
    /** No check comes between a fault and the requests that meet it. */
    private static final String RARE_CHECKS = "check: {path: /health, inter: 1m, fastinter: 1m, downinter: 1m}";

    /** What one request cost. */
    private record Cost(String method, int status, Duration took) {}

    @Test
    void hungBackendCostsAtMostTheTimeout() throws Exception {
        try (Balancer balancer = Balancer.started(
                data,
                List.of(a, b),
                "timeouts: {response: 500ms}",
                "check: {path: /health, timeout: 400ms, inter: 400ms, fastinter: 400ms, fall: 2, rise: 1}",
                "ejection: {failures: 1000}")) {
            a.hang();
            Queue<Cost> costs = new ConcurrentLinkedQueue<>();
            List<Future<?>> all = new ArrayList<>();
            for (String method : List.of("GET", "GET", "GET", "POST")) {
                all.add(threads.submit(() -> askUntilDown(balancer, method, costs)));
            }
            for (Future<?> one : all) {
                one.get(15, TimeUnit.SECONDS);
            }
            assertThat(costs).allSatisfy(one -> {
                assertThat(one.took()).isLessThan(Duration.ofMillis(1500));
                assertThat(one.status()).isIn(one.method().equals("GET") ? List.of(200) : List.of(200, 504));
            });
            assertThat(costs.stream().map(Cost::took))
                    .as("somebody met the server that hangs")
                    .anyMatch(took -> took.toMillis() >= 500);
            String picks = balancer.fact("a", "picks");
            for (int i = 0; i < 50; i++) {
                assertThat(balancer.get("/").text()).isEqualTo("b");
            }
            assertThat(balancer.fact("a", "picks")).isEqualTo(picks);
            assertThat(Balancer.asked(a)).isEmpty();
        }
    }

    private static void askUntilDown(Balancer balancer, String method, Queue<Cost> costs) {
        while (balancer.fact("a", "checked").equals("up")) {
            long began = System.nanoTime();
            try (RawHttp http = balancer.connect()) {
                RawResponse answer = method.equals("GET") ? Balancer.get(http, "/") : Balancer.post(http, "/", "once");
                costs.add(new Cost(method, answer.status(), Duration.ofNanos(System.nanoTime() - began)));
            }
        }
    }

    @Test
    void backendGoneMidBodyLeavesTheMessageIncomplete() throws Exception {
        Map<String, Script> cuts = Map.of(
                "/length", Script.script().write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789"),
                "/chunks",
                        Script.script()
                                .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                                .chunk("0123456789"));
        for (ScriptedBackend one : List.of(a, b)) {
            one.script(request -> {
                Script start = cuts.get(request.target().replaceAll("-.*", ""));
                if (start == null) {
                    return Script.answer(200, "well");
                }
                Script late = start.delay(Duration.ofMillis(20));
                return request.target().endsWith("-reset") ? late.reset() : late.close();
            });
        }
        try (Balancer balancer = Balancer.started(data, List.of(a, b))) {
            for (String target : List.of("/length-close", "/length-reset", "/chunks-close", "/chunks-reset")) {
                int before = Balancer.asked(a).size() + Balancer.asked(b).size();
                try (RawHttp http = balancer.connect()) {
                    RawResponse answer = Balancer.get(http, target);
                    assertThat(answer.status()).as(target).isEqualTo(200);
                    assertThat(answer.complete()).as(target).isFalse();
                    assertThat(http.isClosedWithin(Balancer.PATIENCE))
                            .as(target)
                            .isTrue();
                }
                assertThat(Balancer.asked(a).size() + Balancer.asked(b).size())
                        .as("%s is not asked for again once a part of it has been passed on", target)
                        .isEqualTo(before + 1);
            }
            List<Map<?, ?>> lines = balancer.log.await(4);
            assertThat(lines).allSatisfy(line -> assertThat(line.get("endedBy")).isEqualTo("backend"));
        }
    }

    @Test
    void connectRefusedIsRedispatched() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a, b), RARE_CHECKS);
                RawHttp http = balancer.connect()) {
            a.stop();
            for (int i = 0; i < 4; i++) {
                assertThat(Balancer.get(http, "/get").text()).isEqualTo("b");
                // Not a byte of it was sent, so a POST may go on as well.
                assertThat(Balancer.post(http, "/post", "x").text()).isEqualTo("b");
            }
            List<Map<?, ?>> lines = balancer.log.await(8);
            assertThat(lines).allSatisfy(line -> {
                assertThat(line.get("status")).hasToString("200");
                assertThat(line.get("backend")).isEqualTo("b");
            });
            assertThat(retried(lines, "GET")).isPositive();
            assertThat(retried(lines, "GET") + retried(lines, "POST"))
                    .isEqualTo(Long.parseLong(balancer.fact("a", "retries")));
            assertThat(Balancer.asked(b)).hasSize(8);
        }
    }

    private static long retried(List<Map<?, ?>> lines, String method) {
        return lines.stream()
                .filter(line -> method.equals(line.get("method")))
                .filter(line -> "1".equals(String.valueOf(line.get("retries"))))
                .count();
    }

    @Test
    void deadServerIsLeftAloneAndUsedAgainWhenItReturns() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a, b))) {
            a.stop();
            balancer.awaitFact("a", "checked", "down");
            assertThat(balancer.fact("a", "reason")).isNotEmpty();
            assertThat(balancer.get("/").text()).isEqualTo("b");
            a.start();
            balancer.awaitFact("a", "checked", "up");
            Await.until("a is asked again", Balancer.PATIENCE, () -> balancer.get("/")
                    .text()
                    .equals("a"));
            b.stop();
            balancer.awaitFact("b", "checked", "down");
            a.stop();
            balancer.awaitFact("a", "checked", "down");
            RawResponse nobody = balancer.get("/");
            assertThat(nobody.status()).isEqualTo(503);
            assertThat(nobody.header("Retry-After")).isEqualTo("1");
        }
    }
}
