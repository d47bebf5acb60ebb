package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.http.pool.Operator;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Script;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people order: servers out and in, other weights, and the balancer itself out of service. */
class OrdersTest extends TwoServers {
    @Test
    void drainedServerStaysDrainedOverReloadAndRestart() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a, b))) {
            assertThat(shares(balancer, 10)).containsExactly(5, 5);
            balancer.order("a", Operator.DRAIN);
            assertThat(shares(balancer, 10)).containsExactly(0, 10);
            balancer.reload();
            assertThat(shares(balancer, 10)).containsExactly(0, 10);
        }
        try (Balancer again = Balancer.started(data, List.of(a, b))) {
            assertThat(again.fact("a", "state")).isEqualTo("drain");
            assertThat(shares(again, 10)).containsExactly(0, 10);
            again.order("a", Operator.READY);
            assertThat(shares(again, 10)).containsExactly(5, 5);
        }
        try (Balancer third = Balancer.started(data, List.of(a, b))) {
            assertThat(shares(third, 10)).containsExactly(5, 5);
        }
    }

    @Test
    void orderedWeightStaysOverReloadAndRestart() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a, b))) {
            balancer.order("a", Optional.empty(), Optional.of(3));
            assertThat(shares(balancer, 40)).containsExactly(30, 10);
            balancer.reload();
            assertThat(shares(balancer, 40)).containsExactly(30, 10);
        }
        try (Balancer again = Balancer.started(data, List.of(a, b))) {
            assertThat(shares(again, 40)).containsExactly(30, 10);
            // An order for one thing leaves the other as it was.
            again.order("a", Operator.DRAIN);
            assertThat(shares(again, 4)).containsExactly(0, 4);
            again.order("a", Operator.READY);
            assertThat(shares(again, 40)).containsExactly(30, 10);
        }
    }

    @Test
    void serverInMaintenanceIsNotEvenChecked() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a, b))) {
            balancer.order("a", Operator.MAINTENANCE);
            assertThat(shares(balancer, 10)).containsExactly(0, 10);
            balancer.awaitFact("a", "reason", "in maintenance, not checked");
        }
        int checks = a.requests().size();
        try (Balancer again = Balancer.started(data, List.of(a, b))) {
            assertThat(shares(again, 10)).containsExactly(0, 10);
            assertThat(a.requests()).as("restarts do not forget").hasSize(checks);
            again.order("a", Operator.READY);
            again.awaitFact("a", "checked", "up");
            assertThat(shares(again, 10)).containsExactly(5, 5);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"web/a\": {\"state\": \"dra",
                "{\"web/a\": {\"state\": \"drain\"}, \"web/b\": {\"state\": \"drian\"}}",
                "{\"web/a\": {\"state\": \"drain\"}, \"web/b\": 7}"
            })
    void brokenOrdersFileCountsForNothing(String content) throws Exception {
        Files.writeString(data.resolve("lb1-orders.json"), content);
        try (Balancer balancer = Balancer.started(data, List.of(a, b))) {
            assertThat(shares(balancer, 10)).containsExactly(5, 5);
            balancer.order("a", Operator.DRAIN);
        }
        // The next order must not be the end of what the file still tells a person.
        assertThat(data.resolve("lb1-orders.json.broken")).hasContent(content);
        assertThat(data.resolve("lb1-orders.json")).content().contains("\"web/a\"");
    }

    @Test
    void orderForAStrangerIsRefused() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a, b))) {
            Optional<Operator> drain = Optional.of(Operator.DRAIN);
            assertThat(balancer.station().order("z", drain, Optional.empty())).isFalse();
        }
        assertThat(data.resolve("lb1-orders.json")).doesNotExist();
    }

    @Test
    void drainLetsTheLastRequestFinish() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        a.script(request -> request.target().startsWith("/slow")
                ? Script.script().tell(inside).hold(finish).write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast")
                : Script.answer(200, ""));
        try (Balancer balancer = Balancer.started(data, List.of(a));
                RawHttp busy = balancer.connect();
                RawHttp idle = balancer.connect()) {
            assertThat(balancer.role.readiness().ready()).isTrue();
            assertThat(Balancer.get(idle, "/").status()).isEqualTo(200);
            Future<RawResponse> last = threads.submit(() -> Balancer.get(busy, "/slow"));
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
            Future<?> drained = threads.submit(() -> balancer.role.drain(Duration.ofSeconds(10)));
            awaitRefusal(balancer);
            assertThat(balancer.role.readiness().ready()).isFalse();
            assertThat(balancer.role.readiness().reason()).isEqualTo("draining");
            assertThat(idle.isClosedWithin(Balancer.PATIENCE))
                    .as("who has nothing under way is sent away")
                    .isTrue();
            // A connection that is never closed by its client is listened to for a while, and the drain waits for that.
            idle.endOutput();
            assertThat(last).isNotDone();
            assertThat(drained).as("the drain waits for the last answer").isNotDone();
            finish.countDown();
            assertThat(last.get(5, TimeUnit.SECONDS).text()).isEqualTo("last");
            assertThat(busy.isClosedWithin(Balancer.PATIENCE)).isTrue();
            busy.endOutput();
            assertThat(drained.get(5, TimeUnit.SECONDS)).isNull();
            balancer.role.close();
            assertThat(balancer.role.readiness().reason()).isEqualTo("stopped");
            assertThatThrownBy(balancer::connect).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void drainGivesUpWhenItsPatienceEnds() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        a.script(request -> request.target().startsWith("/slow")
                ? Script.script().tell(inside).hold(finish)
                : Script.answer(200, ""));
        try (Balancer balancer = Balancer.started(data, List.of(a));
                RawHttp busy = balancer.connect()) {
            busy.sendLines("GET /slow HTTP/1.1", "Host: localhost");
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
            Future<?> drained = threads.submit(() -> balancer.role.drain(Duration.ofMillis(300)));
            assertThat(drained.get(3, TimeUnit.SECONDS)).isNull();
            balancer.role.close();
            assertThat(busy.isClosedWithin(Balancer.PATIENCE)).isTrue();
        }
    }

    private static void awaitRefusal(Balancer balancer) {
        long end = System.nanoTime() + Balancer.PATIENCE.toNanos();
        while (true) {
            try {
                balancer.connect().close();
            } catch (UncheckedIOException refused) {
                return;
            }
            assertThat(System.nanoTime() - end)
                    .as("new connections are refused")
                    .isNegative();
            Thread.onSpinWait();
        }
    }

    /** How many of so many requests a and b got. */
    private List<Integer> shares(Balancer balancer, int requests) {
        int beforeA = Balancer.asked(a).size();
        int beforeB = Balancer.asked(b).size();
        try (RawHttp http = balancer.connect()) {
            for (int i = 0; i < requests; i++) {
                assertThat(Balancer.get(http, "/").status()).isEqualTo(200);
            }
        }
        return List.of(Balancer.asked(a).size() - beforeA, Balancer.asked(b).size() - beforeB);
    }
}
