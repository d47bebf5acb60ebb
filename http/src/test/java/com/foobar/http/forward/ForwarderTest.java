package com.foobar.http.forward;

import static com.foobar.testkit.Script.answer;
import static com.foobar.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.pool.Address;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.RetryBudget;
import com.foobar.http.pool.RetryPolicy;
import com.foobar.http.pool.StickyCookie;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import io.undertow.util.HttpString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ForwarderTest {
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";

    @Test
    void passesAnswersOnAndReusesConnections() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a");
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            for (int i = 0; i < 5; i++) {
                RawResponse response = client.send(GET).response();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.text()).isEqualTo("a");
                assertThat(response.header("X-Backend")).isEqualTo("a");
                Journey journey = rig.journey();
                assertThat(journey.ending()).isEqualTo(Ending.COMPLETE);
                assertThat(journey.reused()).isEqualTo(i > 0);
                assertThat(journey.backend()).isEqualTo("a");
            }
            assertThat(a.connections()).isEqualTo(1);
            assertThat(a.requests().get(0).target()).isEqualTo("/a?b=c");
            assertThat(a.rubbish()).isEmpty();
            assertThat(rig.pool.backends().get(0).load().inFlight()).isZero();
            assertThat(rig.pool.backends().get(0).load().connections()).isEqualTo(1);
        }
    }

    @Test
    void removesHopByHopFieldsBothWays() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a",
                        r -> answer(
                                200,
                                "x",
                                "Connection: X-Hop, keep-alive",
                                "X-Hop: 1",
                                "Keep-Alive: timeout=5",
                                "X-End: 2"));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            RawResponse response = client.sendLines(
                            "GET / HTTP/1.1",
                            "Host: x",
                            "Connection: X-Secret, Host",
                            "X-Secret: 1",
                            "Keep-Alive: 5",
                            "Proxy-Connection: keep-alive",
                            "TE: trailers, gzip",
                            "X-End: 1")
                    .response();
            assertThat(response.header("X-Hop")).isNull();
            assertThat(response.header("Keep-Alive")).isNull();
            assertThat(response.header("X-End")).isEqualTo("2");
            Request request = a.requests().get(0);
            assertThat(request.header("X-Secret")).isNull();
            assertThat(request.header("Keep-Alive")).isNull();
            assertThat(request.header("Proxy-Connection")).isNull();
            assertThat(request.header("TE")).isEqualTo("trailers");
            assertThat(request.header("Host")).isEqualTo("x");
            assertThat(request.header("X-End")).isEqualTo("1");
        }
    }

    @Test
    void refusedConnectionsAreTriedElsewhere() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a");
                ScriptedBackend b = ScriptedBackend.answering("b");
                Rig rig = Rig.before(a, b);
                RawHttp client = rig.client()) {
            a.refuse();
            int retried = 0;
            for (int i = 0; i < 4; i++) {
                RawResponse response = client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
                        .response();
                assertThat(response.text()).isEqualTo("b");
                Journey journey = rig.journey();
                retried += journey.retries();
                assertThat(journey.totalNanos())
                        .isLessThan(Duration.ofSeconds(1).toNanos());
            }
            assertThat(retried).isPositive();
            assertThat(b.requests()).allSatisfy(r -> assertThat(r.text()).isEqualTo("hi"));
            assertThat(rig.pool.backends())
                    .allSatisfy(one -> assertThat(one.load().inFlight()).isZero());
        }
    }

    @Test
    void nobodyLeftIs503() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a");
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            a.refuse();
            assertThat(client.send(GET).response().status()).isEqualTo(503);
            assertThat(rig.journey().ending()).isEqualTo(Ending.BACKEND_REFUSED);
            a.start();
            assertThat(client.send(GET).response().status()).isEqualTo(200);
        }
    }

    @Test
    void hungBackendIs504() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> Script.neverAnswer());
                Rig rig = Rig.before(s -> s.withRetries(new RetryPolicy(1), new RetryBudget(0, 0)), a);
                RawHttp client = rig.client()) {
            assertThat(client.send(GET).response().status()).isEqualTo(504);
            Journey journey = rig.journey();
            assertThat(journey.ending()).isEqualTo(Ending.BACKEND_TIMEOUT);
            assertThat(journey.totalNanos())
                    .isBetween(
                            Duration.ofMillis(1900).toNanos(),
                            Duration.ofSeconds(6).toNanos());
            assertThat(a.awaitRequests(1)).hasSize(1);
            Await.until("closed", Duration.ofSeconds(5), a::openConnections, n -> n == 0);
        }
    }

    @Test
    void aHeadThatDripsIsNotWaitedForLongerThanOneThatDoesNotCome() throws Exception {
        Script dripping = Script.script().drip("HTTP/1.1 200 OK\r\nX-A: " + "x".repeat(60), Duration.ofMillis(200));
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> dripping);
                Rig rig = Rig.before(s -> s.withRetries(new RetryPolicy(1), new RetryBudget(0, 0)), a);
                RawHttp client = rig.client()) {
            assertThat(client.send(GET).response().status()).isEqualTo(504);
            Journey journey = rig.journey();
            assertThat(journey.ending()).isEqualTo(Ending.BACKEND_TIMEOUT);
            assertThat(journey.detail()).contains("no answer within");
        }
    }

    @Test
    void aPreambleGoesBeforeTheRequestAndBindsTheConnectionToIt() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a");
                Rig rig = Rig.before(
                        s -> s.withPreamble(exchange ->
                                "GET /preamble HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                        a);
                RawHttp client = rig.client()) {
            for (int i = 1; i <= 3; i++) {
                client.send(GET).response();
                assertThat(rig.journey().reused()).isFalse();
                assertThat(a.connections()).isEqualTo(i);
            }
            assertThat(a.awaitRequests(3).get(0).target()).isEqualTo("/preamble");
        }
    }

    @Test
    void theWholeRequestHasADeadline() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> Script.neverAnswer());
                Rig rig = Rig.before(s -> s.withPatience(Rig.SHORT, Duration.ofMillis(300)), a);
                RawHttp client = rig.client()) {
            assertThat(client.send(GET).response().status()).isEqualTo(504);
            assertThat(rig.journey().ending()).isEqualTo(Ending.DEADLINE);
        }
    }

    @Test
    void aFullBackendMakesRequestsWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a", r -> script().hold(go).write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"));
                Rig rig = Rig.with(one(a, 1), s -> s.withQueue(Duration.ofSeconds(5), 1));
                RawHttp first = rig.client();
                RawHttp second = rig.client();
                RawHttp third = rig.client()) {
            first.send(GET);
            a.awaitRequests(0);
            Await.until(
                    "busy",
                    Duration.ofSeconds(5),
                    () -> rig.pool.backends().get(0).load().inFlight(),
                    n -> n == 1);
            second.send(GET);
            Await.until("waits", Duration.ofSeconds(5), rig.forwarder::waiting, n -> n == 1);
            assertThat(third.send(GET).response().status()).isEqualTo(503);
            assertThat(rig.journey().ending()).isEqualTo(Ending.QUEUE_FULL);
            go.countDown();
            assertThat(first.response().status()).isEqualTo(200);
            assertThat(second.response().status()).isEqualTo(200);
            assertThat(rig.journey().queueNanos()).isZero();
            assertThat(rig.journey().queueNanos()).isPositive();
            assertThat(rig.pool.backends().get(0).load().inFlight()).isZero();
        }
    }

    @Test
    void waitingEndsWithTheQueueTimeoutOrTheClient() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a", r -> script().hold(go).write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"));
                Rig rig = Rig.with(one(a, 1), s -> s.withQueue(Duration.ofMillis(300), 5));
                RawHttp first = rig.client();
                RawHttp second = rig.client();
                RawHttp third = rig.client()) {
            first.send(GET);
            Await.until(
                    "busy",
                    Duration.ofSeconds(5),
                    () -> rig.pool.backends().get(0).load().inFlight(),
                    n -> n == 1);
            assertThat(second.send(GET).response().status()).isEqualTo(503);
            assertThat(rig.journey().ending()).isEqualTo(Ending.QUEUE_TIMEOUT);
            rig.forwarder.replace(rig.settings.withQueue(Duration.ofSeconds(20), 5));
            third.send(GET);
            Await.until("waits", Duration.ofSeconds(5), rig.forwarder::waiting, n -> n == 1);
            third.endOutput(); // all that a close shows before something is written to it
            assertThat(rig.journey().ending()).isEqualTo(Ending.CLIENT_GONE);
            assertThat(rig.forwarder.waiting()).isZero();
            go.countDown();
            assertThat(first.response().status()).isEqualTo(200);
        }
    }

    @Test
    void aReloadKeepsThoseWhoWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a", r -> script().hold(go).write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"));
                Rig rig = Rig.with(one(a, 1), s -> s.withQueue(Duration.ofSeconds(20), 5));
                RawHttp first = rig.client();
                RawHttp second = rig.client()) {
            first.send(GET);
            Await.until(
                    "busy",
                    Duration.ofSeconds(5),
                    () -> rig.pool.backends().get(0).load().inFlight(),
                    n -> n == 1);
            second.send(GET);
            Await.until("waits", Duration.ofSeconds(5), rig.forwarder::waiting, n -> n == 1);
            rig.pool.replace(one(a, 2), rig.pool.balance());
            rig.forwarder.replace(rig.settings.withQueue(Duration.ofSeconds(20), 9));
            Await.until("served", Duration.ofSeconds(5), rig.forwarder::waiting, n -> n == 0);
            go.countDown();
            assertThat(first.response().status()).isEqualTo(200);
            assertThat(second.response().status()).isEqualTo(200);
        }
    }

    @Test
    void theCookieBinds() throws Exception {
        Stickiness sticky = new Stickiness(
                "SRV",
                new StickyCookie("web", "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        try (ScriptedBackend a = ScriptedBackend.answering("a");
                ScriptedBackend b = ScriptedBackend.answering("b");
                Rig rig =
                        Rig.before(s -> s.withStickiness(sticky).withExposedBackend(new HttpString("X-Where")), a, b);
                RawHttp client = rig.client()) {
            RawResponse first = client.send(GET).response();
            String cookie = first.header("Set-Cookie");
            assertThat(cookie).startsWith("SRV=").contains("HttpOnly");
            String value = cookie.substring(0, cookie.indexOf(';'));
            for (int i = 0; i < 4; i++) {
                RawResponse again = client.sendLines("GET / HTTP/1.1", "Host: x", "Cookie: " + value)
                        .response();
                assertThat(again.text()).isEqualTo(first.text());
                assertThat(again.header("Set-Cookie")).isNull();
                assertThat(again.header("X-Where")).isEqualTo(first.text());
            }
        }
    }

    private static List<BackendSettings> one(ScriptedBackend a, int max) {
        return List.of(
                BackendSettings.of("a", new Address("127.0.0.1", a.port())).withMaxConnections(max));
    }
}
