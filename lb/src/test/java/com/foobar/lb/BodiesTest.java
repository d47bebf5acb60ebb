package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies through the whole balancer, listener to server, when one of the two sides is slow or gone. */
class BodiesTest {
    private static final String BIG = "0123456789abcdef".repeat(1024 * 1024);

    @TempDir
    Path data;

    private final CountDownLatch never = new CountDownLatch(1);
    private final ScriptedBackend a = ScriptedBackend.scripted("a", this::script);

    private Script script(Request request) {
        return switch (request.target()) {
            case "/big" -> Script.answer(200, BIG);
            case "/dripping" ->
                Script.script()
                        .drip("HTTP/1.1 200 OK\r\n", Duration.ofMillis(5))
                        .write("Content-Length: 40\r\n\r\n")
                        .drip("0123456789".repeat(4), Duration.ofMillis(20));
            case "/endless" ->
                Script.script()
                        .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .chunk("begun")
                        .hold(never);
            case "/chunks" ->
                Script.script()
                        .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .chunk("0123456789")
                        .delay(Duration.ofMillis(20))
                        .close();
            case "/length" ->
                Script.script()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
                        .delay(Duration.ofMillis(20))
                        .close();
            case "/until-reset" ->
                Script.script()
                        .write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789")
                        .delay(Duration.ofMillis(20))
                        .reset();
            default -> Script.answer(200, request.method() + " " + request.target() + " " + request.text());
        };
    }

    @AfterEach
    void close() {
        never.countDown();
        a.close();
    }

    @Test
    void slowClientGetsEverythingAndHoldsUpNobody() {
        try (Balancer balancer = Balancer.started(data, List.of(a), Balancer.UNCHECKED);
                RawHttp slow = balancer.connect()) {
            slow.sendLines("GET /big HTTP/1.1", "Host: " + Balancer.SITE);
            Await.until(
                    "it was asked for", Balancer.PATIENCE, () -> !a.requests().isEmpty());
            for (int i = 0; i < 50; i++) {
                assertThat(balancer.get("/fast" + i).text()).isEqualTo("GET /fast" + i + " ");
            }
            // More than the kernel's buffers hold, so it is still under way unless the balancer has swallowed it. The
            // last of the
            // fast ones is counted out a moment after its client has the answer.
            balancer.awaitFact("a", "inFlight", "1");
            RawResponse whole = slow.response();
            assertThat(whole.complete()).isTrue();
            assertThat(whole.latin1()).isEqualTo(BIG);
        }
    }

    @Test
    void slowServerIsPassedOnAsItComes() {
        try (Balancer balancer = Balancer.started(data, List.of(a), Balancer.UNCHECKED)) {
            assertThat(balancer.get("/dripping").text()).isEqualTo("0123456789".repeat(4));
            Map<?, ?> line = balancer.log.await(1).get(0);
            assertThat(((Number) line.get("totalMs")).doubleValue())
                    .isGreaterThan(((Number) line.get("responseMs")).doubleValue() + 500);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientGoneInTheMiddleOfADownloadFreesTheServer(boolean reset) {
        try (Balancer balancer = Balancer.started(data, List.of(a), Balancer.UNCHECKED)) {
            RawHttp client = balancer.connect().sendLines("GET /endless HTTP/1.1", "Host: " + Balancer.SITE);
            Await.until("it has begun", Balancer.PATIENCE, () -> !client.isClosed() && a.openConnections() == 1);
            if (reset) {
                client.reset();
            } else {
                client.close();
            }
            Map<?, ?> line = balancer.log.await(1).get(0);
            assertThat(line.get("endedBy")).isEqualTo("client");
            assertThat(balancer.fact("a", "inFlight")).isEqualTo("0");
            assertThat(balancer.fact("a", "connections")).isEqualTo("0");
        }
    }

    @Test
    void clientGoneInTheMiddleOfAnUploadIsNoRequestThatLooksWhole() {
        try (Balancer balancer = Balancer.started(data, List.of(a), Balancer.UNCHECKED)) {
            for (String begun : List.of(
                    "Content-Length: 100\r\n\r\n0123456789", "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n")) {
                int before = a.requests().size();
                try (RawHttp client = balancer.connect()) {
                    client.send("POST /upload HTTP/1.1\r\nHost: " + Balancer.SITE + "\r\n" + begun);
                    Await.until("the server is reached", Balancer.PATIENCE, () -> a.openConnections() == 1);
                }
                assertThat(a.awaitRequests(before + 1).get(before).complete()).isFalse();
                Await.until("and let go", Balancer.PATIENCE, () -> a.openConnections() == 0);
            }
            assertThat(balancer.log.await(2))
                    .allSatisfy(line -> assertThat(line.get("reason")).isEqualTo("client-gone"));
        }
    }

    /** HTTP/1.0 has no chunks, so the end of the connection is the end of the body: only a reset can say that it is not. */
    @ParameterizedTest
    @ValueSource(strings = {"/chunks", "/length", "/until-reset"})
    void serverGoneInTheMiddleIsNoEndForAnOldClientEither(String target) {
        try (Balancer balancer = Balancer.started(data, List.of(a), Balancer.UNCHECKED);
                RawHttp old = balancer.connect()) {
            try {
                RawResponse answer = old.sendLines("GET " + target + " HTTP/1.0", "Host: " + Balancer.SITE)
                        .response();
                assertThat(answer.complete()).isFalse();
            } catch (UncheckedIOException beforeTheHead) {
                assertThat(beforeTheHead).hasMessageContaining("reset");
            }
            assertThat(balancer.log.await(1).get(0).get("endedBy")).isEqualTo("backend");
        }
    }

    @Test
    void serverGoneInTheMiddleOfABodyWithoutLengthIsNoEnd() {
        try (Balancer balancer = Balancer.started(data, List.of(a), Balancer.UNCHECKED)) {
            assertThat(balancer.get("/until-reset").complete()).isFalse();
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() {
        try (Balancer balancer = Balancer.started(data, List.of(a), Balancer.UNCHECKED);
                RawHttp client = balancer.connect()) {
            String host = " HTTP/1.1\r\nHost: " + Balancer.SITE + "\r\n";
            String burst = "GET /dripping" + host + "\r\n"
                    + "POST /1" + host + "Content-Length: 3\r\n\r\none"
                    + "POST /2" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n"
                    + "GET /nowhere HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n"
                    + "GET /3" + host + "\r\n";
            client.send(burst);
            assertThat(client.response().text()).isEqualTo("0123456789".repeat(4));
            assertThat(client.response().text()).isEqualTo("POST /1 one");
            assertThat(client.response().text()).isEqualTo("POST /2 two");
            assertThat(client.response().status()).isEqualTo(421);
            assertThat(client.response().text()).isEqualTo("GET /3 ");
            // In pieces that end anywhere.
            byte[] again = burst.getBytes(StandardCharsets.ISO_8859_1);
            for (int at = 0; at < again.length; at += 7) {
                client.sendBytes(java.util.Arrays.copyOfRange(again, at, Math.min(again.length, at + 7)));
            }
            assertThat(client.response().text()).isEqualTo("0123456789".repeat(4));
            assertThat(client.response().text()).isEqualTo("POST /1 one");
            assertThat(client.response().text()).isEqualTo("POST /2 two");
            assertThat(client.response().status()).isEqualTo(421);
            assertThat(client.response().text()).isEqualTo("GET /3 ");
        }
        assertThat(Balancer.asked(a))
                .extracting(Request::target)
                .containsExactly("/dripping", "/1", "/2", "/3", "/dripping", "/1", "/2", "/3");
    }
}
