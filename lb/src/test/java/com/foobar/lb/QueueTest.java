package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Places at a server are few, those who wait for one wait in a line that is bounded in length and time. */
class QueueTest {
    private static final int PLACES = 2;

    @TempDir
    Path data;

    private final ScriptedBackend a = ScriptedBackend.answering("a");
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @AfterEach
    void close() {
        end.countDown();
        clients.shutdownNow();
        a.close();
    }

    @Test
    void queueTimeoutAndFullQueueAre503() throws Exception {
        a.script(request -> request.target().startsWith("/health")
                ? Script.answer(200, "")
                : Script.script().hold(end).write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"));
        try (Balancer balancer = Balancer.started(
                data, List.of(a), "limits: {per-server: " + PLACES + ", queue: 3}", "timeouts: {queue: 400ms}")) {
            List<Future<RawResponse>> lucky = ask(balancer, PLACES);
            Await.until(
                    "the places are taken",
                    Balancer.PATIENCE,
                    () -> Balancer.asked(a).size() == PLACES);
            List<Future<RawResponse>> waiting = ask(balancer, 3);
            Await.until("three wait", Balancer.PATIENCE, () -> "3"
                    .equals(String.valueOf(balancer.web().get("waiting"))));
            RawResponse full = balancer.get("/full");
            assertThat(waiting).as("a full queue is said at once").noneMatch(Future::isDone);
            refused(full);
            for (Future<RawResponse> one : waiting) {
                refused(one.get(5, TimeUnit.SECONDS));
            }
            assertThat(Balancer.asked(a)).hasSize(PLACES);
            end.countDown();
            for (Future<RawResponse> one : lucky) {
                assertThat(one.get(5, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
            assertThat(balancer.log.await(4, line -> "503".equals(String.valueOf(line.get("status")))).stream()
                            .map(line -> String.valueOf(line.get("reason"))))
                    .containsExactlyInAnyOrder("queue-full", "queue-timeout", "queue-timeout", "queue-timeout");
            assertThat(balancer.fact("a", "inFlight")).isEqualTo("0");
        }
    }

    @Test
    void neverMoreThanThePlacesAtOnceAndEverybodyHasATurn() throws Exception {
        a.script(this::counted);
        try (Balancer balancer = Balancer.started(data, List.of(a), "limits: {per-server: " + PLACES + "}")) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                all.add(clients.submit(() -> {
                    int good = 0;
                    try (RawHttp http = balancer.connect()) {
                        for (int n = 0; n < 10; n++) {
                            good += Balancer.get(http, "/").status() == 200 ? 1 : 0;
                        }
                    }
                    return good;
                }));
            }
            for (Future<Integer> one : all) {
                assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(10);
            }
            List<Map<?, ?>> lines = balancer.log.await(120);
            assertThat(lines)
                    .as("with 12 clients for 2 places most have waited")
                    .filteredOn(line -> ((Number) line.get("queueMs")).doubleValue() > 0)
                    .hasSizeGreaterThan(60);
        }
        assertThat(most).hasValue(PLACES);
        assertThat(a.connections()).isPositive();
    }

    /** Runs on the thread of the connection, which is busy as a servlet would be. */
    private Script counted(Request request) {
        if (request.target().startsWith("/health")) {
            return Script.answer(200, "");
        }
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        try {
            boolean unused = never.await(5, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        inside.decrementAndGet();
        return Script.answer(200, "a");
    }

    private List<Future<RawResponse>> ask(Balancer balancer, int count) {
        List<Future<RawResponse>> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            asked.add(clients.submit(() -> balancer.get("/")));
        }
        return asked;
    }

    private static void refused(RawResponse answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }
}
