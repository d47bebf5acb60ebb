package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets the requests, over real sockets. */
class BalancingTest {
    @TempDir
    Path data;

    private final ScriptedBackend a = ScriptedBackend.answering("a");
    private final ScriptedBackend b = ScriptedBackend.answering("b");
    private final ScriptedBackend c = ScriptedBackend.answering("c");
    private final ExecutorService clients = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        clients.shutdownNow();
        List.of(a, b, c).forEach(ScriptedBackend::close);
    }

    @Test
    void roundRobinIsExactOverSockets() throws Exception {
        int threads = 8;
        int each = 375;
        try (Balancer balancer = Balancer.started(data, List.of(a, b, c))) {
            CountDownLatch go = new CountDownLatch(1);
            Callable<Integer> client = () -> {
                int good = 0;
                try (RawHttp http = balancer.connect()) {
                    go.await();
                    for (int i = 0; i < each; i++) {
                        good += Balancer.get(http, "/").status() == 200 ? 1 : 0;
                    }
                }
                return good;
            };
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(clients.submit(client));
            }
            go.countDown();
            for (Future<Integer> one : all) {
                assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo(each);
            }
        }
        assertThat(counts()).containsExactly(1000, 1000, 1000);
    }

    @Test
    void rotationSurvivesReload() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a, b, c));
                RawHttp client = balancer.connect()) {
            for (int i = 0; i < 300; i++) {
                assertThat(Balancer.get(client, "/").status()).isEqualTo(200);
                balancer.reload();
            }
        }
        assertThat(counts()).containsExactly(100, 100, 100);
    }

    @Test
    void noRequestBeforeTheFirstCheckAndNo503AtStart() throws Exception {
        CountDownLatch checked = new CountDownLatch(1);
        a.script(request -> request.target().startsWith("/health")
                ? Script.script().hold(checked).write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                : Script.answer(200, "a"));
        b.stop();
        c.health(500);
        try (Balancer balancer = Balancer.made(
                data, List.of(a, b, c), "check: {path: /health, timeout: 1500ms, inter: 100ms, rise: 1, fall: 2}")) {
            Future<RawResponse> first = clients.submit(() -> firstAnswer(balancer));
            Future<?> start = clients.submit(() -> {
                balancer.role.start();
                return null;
            });
            // The check of a is under way and undecided, so whoever comes now must wait outside.
            assertThat(a.awaitRequests(1).get(0).target()).isEqualTo("/health");
            assertThat(c.awaitRequests(1).get(0).target()).isEqualTo("/health");
            assertThat(Balancer.asked(a)).isEmpty();
            assertThat(balancer.role.readiness().ready()).isFalse();
            assertThat(first).isNotDone();
            checked.countDown();
            start.get(5, TimeUnit.SECONDS);
            assertThat(first.get(5, TimeUnit.SECONDS).text()).isEqualTo("a");
            for (int i = 0; i < 30; i++) {
                assertThat(balancer.get("/").status()).isEqualTo(200);
            }
        }
        assertThat(counts()).containsExactly(31, 0, 0);
    }

    /** Knocks until it is let in: a port that refuses is no outage, an answer of 503 would be one. */
    private static RawResponse firstAnswer(Balancer balancer) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (true) {
            try (RawHttp client = balancer.connect()) {
                return Balancer.get(client, "/");
            } catch (UncheckedIOException shut) {
                if (System.nanoTime() - end > 0) {
                    throw shut;
                }
                Thread.onSpinWait();
            }
        }
    }

    private List<Integer> counts() {
        return List.of(
                Balancer.asked(a).size(),
                Balancer.asked(b).size(),
                Balancer.asked(c).size());
    }
}
