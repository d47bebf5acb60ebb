package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.http.pool.Operator;
import com.foobar.kernel.lifecycle.Change;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A reload changes what it says and disturbs nothing else. */
class ReloadTest extends TwoServers {
    /** So slow that nothing happens in a test but what it waits for. */
    private static final String PATIENT_CHECKS =
            "check: {path: /health, timeout: 8s, inter: 100ms, fastinter: 50ms, downinter: 50ms, rise: 1, fall: 2}";

    @Test
    void serversThatAreAllNewAreCheckedWhileTheOldOnesServe() throws Exception {
        CountDownLatch checked = new CountDownLatch(1);
        b.script(request -> request.target().startsWith("/health")
                ? Script.script().hold(checked).write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                : Script.answer(200, "b"));
        try (Balancer balancer = Balancer.started(data, List.of(a), PATIENT_CHECKS);
                RawHttp http = balancer.connect()) {
            String pool = "pools: {more: {servers: {c: {address: '127.0.0.1:" + b.port() + "'}}}}";
            String route = "routes: {more: {path: /more, pool: more}}";
            Future<?> reload = threads.submit(() -> {
                balancer.reload(List.of(b), PATIENT_CHECKS, pool, route);
                return null;
            });
            assertThat(b.awaitRequests(2)).hasSize(2);
            for (int i = 0; i < 10; i++) {
                assertThat(Balancer.get(http, "/").text()).isEqualTo("a");
            }
            assertThat(reload).isNotDone();
            assertThat(Balancer.asked(b)).isEmpty();
            checked.countDown();
            reload.get(5, TimeUnit.SECONDS);
            for (int i = 0; i < 10; i++) {
                assertThat(Balancer.get(http, "/").text()).isEqualTo("b");
                assertThat(Balancer.get(http, "/more").text()).isEqualTo("b");
            }
            assertThat(balancer.scrape())
                    .contains("foobar_lb_checks_total{backend=\"b\",lb=\"lb1\",pool=\"web\",result=\"passed\"}");
        }
    }

    @Test
    void newServersThatDoNotAnswerHoldUpAReloadForTwoSecondsAndGetNothing() throws Exception {
        b.hang();
        String slowly = PATIENT_CHECKS.replace("8s", "2500ms");
        try (Balancer balancer = Balancer.started(data, List.of(a), slowly)) {
            long began = System.nanoTime();
            balancer.reload(List.of(b), slowly);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(4));
            assertThat(balancer.get("/").status()).isEqualTo(503);
            b.start();
            balancer.awaitFact("b", "checked", "up");
            assertThat(balancer.get("/").text()).isEqualTo("b");
        }
    }

    @Test
    void newServerThatFailsItsFirstCheckIsDownFromTheBeginning() throws Exception {
        b.health(500);
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            balancer.reload(List.of(a, b));
            assertThat(balancer.fact("b", "checked")).isEqualTo("down");
            assertThat(balancer.fact("b", "reason")).isEqualTo("status 500, wanted 200 to 399");
            for (int i = 0; i < 10; i++) {
                assertThat(balancer.get("/").text()).isEqualTo("a");
            }
            b.health(200);
            balancer.awaitFact("b", "checked", "up");
        }
    }

    @Test
    void newServerThatWasOrderedIntoMaintenanceIsNotAsked() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a, b))) {
            balancer.order("b", Operator.MAINTENANCE);
            balancer.reload(List.of(a));
            int before = b.requests().size();
            balancer.reload(List.of(a, b));
            assertThat(balancer.fact("b", "state")).isEqualTo("maintenance");
            assertThat(balancer.get("/").text()).isEqualTo("a");
            assertThat(b.requests()).hasSize(before);
        }
    }

    @Test
    void serverThatMovesIsCheckedAtItsNewPlaceBeforeItIsAskedThere() throws Exception {
        try (ScriptedBackend moved = ScriptedBackend.answering("a");
                Balancer balancer = Balancer.started(data, List.of(a));
                RawHttp http = balancer.connect()) {
            assertThat(Balancer.get(http, "/").status()).isEqualTo(200);
            balancer.reload(List.of(moved));
            assertThat(Balancer.get(http, "/").status()).isEqualTo(200);
            assertThat(moved.requests().get(0).target()).isEqualTo("/health");
            assertThat(Balancer.asked(moved)).hasSize(1);
        }
    }

    @Test
    void orderGivenDuringAReloadIsNotLost() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a, b))) {
            Change change = balancer.prepared(List.of(a, b));
            balancer.order("a", Operator.DRAIN);
            change.commit();
            assertThat(balancer.fact("a", "state")).isEqualTo("drain");
            balancer.order("a", Optional.of(Operator.READY), Optional.of(2));
            assertThat(balancer.fact("a", "weight")).isEqualTo("2");
            assertThat(balancer.fact("a", "state")).isEqualTo("ready");
        }
    }

    @Test
    void newServerIsUsedAndOneThatIsGoneFinishesItsRequest() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        a.script(request -> request.target().startsWith("/slow")
                ? Script.script().tell(inside).hold(finish).write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast")
                : Script.answer(200, "a"));
        try (Balancer balancer = Balancer.started(data, List.of(a));
                RawHttp http = balancer.connect()) {
            Future<RawResponse> last = threads.submit(() -> balancer.get("/slow"));
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(Balancer.get(http, "/").text()).isEqualTo("a");
            balancer.reload(List.of(a, b));
            // The newcomer gets nothing before its first check, and nobody is refused meanwhile.
            Await.until("b is asked", Balancer.PATIENCE, () -> {
                RawResponse answer = Balancer.get(http, "/");
                assertThat(answer.status()).isEqualTo(200);
                return answer.text().equals("b");
            });
            assertThat(b.requests().get(0).target()).isEqualTo("/health");
            balancer.reload(List.of(b));
            for (int i = 0; i < 10; i++) {
                assertThat(Balancer.get(http, "/").text()).isEqualTo("b");
            }
            finish.countDown();
            assertThat(last.get(5, TimeUnit.SECONDS).text()).isEqualTo("last");
        }
    }

    @Test
    void serverThatIsGoneIsNotCheckedAnyMore() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a, b))) {
            assertThat(b.awaitRequests(2)).isNotEmpty();
            balancer.reload(List.of(a));
            // One check may have been under way.
            assertThat(a.awaitRequests(a.requests().size() + 2)).isNotEmpty();
            int last = b.requests().size();
            assertThat(a.awaitRequests(a.requests().size() + 4)).isNotEmpty();
            assertThat(b.requests()).hasSize(last);
        }
    }

    @Test
    void whatOnlyARestartChangesIsRefused() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            for (String key : List.of("io-threads: 3", "proxy-protocol: [10.0.0.0/8]")) {
                assertThatThrownBy(() -> balancer.reload(List.of(a), key))
                        .isInstanceOf(ChangeRefused.class)
                        .hasMessageContaining("restart");
            }
        }
    }

    @Test
    void limitsHoldFromTheReloadOn() throws Exception {
        String target = "/" + "x".repeat(600);
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            assertThat(balancer.get(target).status()).isEqualTo(200);
            balancer.reload(List.of(a), "limits: {head: 2KiB, target: 512}");
            assertThat(balancer.get(target).status()).isEqualTo(414);
        }
    }
}
