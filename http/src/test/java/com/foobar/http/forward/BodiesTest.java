package com.foobar.http.forward;

import static com.foobar.testkit.Script.answer;
import static com.foobar.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages of every shape, slow and broken peers on both sides. */
class BodiesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void slowClient() throws Exception {
        String body = "0123456789abcdef".repeat(1 << 18); // 4 MiB: more than all the buffers on the way
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a", r -> answer(200, r.latin1().isEmpty() ? body : r.latin1()));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            client.drip(GET, Duration.ofMillis(2));
            // Nothing is read for a while: the response must wait in the backend, not in memory.
            assertThat(client.isClosedWithin(Duration.ofMillis(300))).isFalse();
            RawResponse response = client.response();
            assertThat(response.complete()).isTrue();
            assertThat(response.latin1()).isEqualTo(body);
            assertThat(rig.journey().ending()).isEqualTo(Ending.COMPLETE);
            client.drip("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", Duration.ofMillis(5));
            RawResponse second = client.response();
            assertThat(rig.journey().ending()).isEqualTo(Ending.COMPLETE);
            assertThat(second.latin1()).isEqualTo("hello");
        }
    }

    @Test
    void slowServer() throws Exception {
        String answer =
                "HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> script().drip(answer, Duration.ofMillis(2)));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            for (int i = 0; i < 2; i++) {
                RawResponse response = client.send(GET).response();
                assertThat(response.latin1()).isEqualTo("hello world");
                assertThat(response.header("X-A")).isEqualTo("b");
                assertThat(response.complete()).isTrue();
            }
            assertThat(a.connections()).isEqualTo(1);
        }
    }

    @Test
    void silentServerInTheBodyIsCutOff() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a", r -> script().write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal")
                                .delay(Duration.ofSeconds(30)));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            RawResponse response = client.send(GET).response();
            assertThat(response.complete()).isFalse();
            assertThat(rig.journey().ending()).isEqualTo(Ending.BACKEND_TIMEOUT);
        }
    }

    @Test
    void clientGoneMidBody() throws Exception {
        String endless = "x".repeat(8 << 20);
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> answer(200, endless));
                Rig rig = Rig.before(a)) {
            try (RawHttp client = rig.client()) {
                client.send(GET);
                client.readBytes(1000);
                client.reset();
            }
            assertThat(rig.journey().ending()).isEqualTo(Ending.CLIENT_GONE);
            Await.until("the backend's connection is closed", SOON, a::openConnections, n -> n == 0);
        }
    }

    @Test
    void clientGoneWhileItWaits() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> Script.neverAnswer());
                Rig rig = Rig.before(a)) {
            try (RawHttp client = rig.client()) {
                client.send(GET);
                a.awaitRequests(1);
            }
            Journey journey = rig.journey();
            assertThat(journey.ending()).isEqualTo(Ending.CLIENT_GONE);
            assertThat(journey.totalNanos()).isLessThan(Duration.ofSeconds(2).toNanos());
            Await.until("the backend's connection is closed", SOON, a::openConnections, n -> n == 0);
        }
    }

    @Test
    void clientGoneWhileItSends() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a");
                Rig rig = Rig.before(a)) {
            try (RawHttp client = rig.client()) {
                client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
                Await.until("connected", SOON, a::openConnections, n -> n == 1);
            }
            assertThat(rig.journey().ending()).isEqualTo(Ending.CLIENT_GONE);
            Await.until("the backend's connection is closed", SOON, a::openConnections, n -> n == 0);
        }
    }

    @Test
    void backendGoneMidBody() throws Exception {
        List<String> answers = List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        for (String answer : answers) {
            for (boolean reset : new boolean[] {true, false}) {
                Script script = script().write(answer).delay(Duration.ofMillis(50));
                try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> reset ? script.reset() : script.close());
                        Rig rig = Rig.before(a);
                        RawHttp client = rig.client()) {
                    RawResponse response = client.send(GET).response();
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.complete()).as(answer).isFalse();
                    assertThat(rig.journey().ending()).isEqualTo(Ending.BACKEND_BROKE);
                }
            }
        }
    }

    @Test
    void backendGoneMidBodyBreaksHttp10Too() throws Exception {
        Script script = script().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                .delay(Duration.ofMillis(50))
                .close();
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> script);
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            RawResponse response =
                    client.send("GET / HTTP/1.0\r\nHost: x\r\n\r\n").response();
            assertThat(response.ending()).isEqualTo(RawResponse.Ending.RESET);
        }
    }

    @Test
    void pipelining() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> script().delay(Duration.ofMillis(30))
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + r.target()));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
            Await.until("asked", SOON, a::requests, seen -> !seen.isEmpty());
            // This one arrives while the first is under way and must neither be lost nor be taken for a loss.
            client.send("GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
            for (String target : List.of("/1", "/2", "/3")) {
                assertThat(client.response().latin1()).isEqualTo(target);
            }
            client.send("GET /4 HTTP/1.1\r\nHost: x\r\n\r\n");
            Await.until("asked", SOON, a::requests, seen -> seen.size() == 4);
            client.send("POST /5 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(client.response().latin1()).isEqualTo("/4");
            assertThat(client.response().latin1()).isEqualTo("/5");
        }
    }

    @Test
    void earlyResponse() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a").onHead(r -> answer(413, "too much", "Connection: close")
                        .close());
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + "x".repeat(100_000));
            RawResponse response = client.response();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.text()).isEqualTo("too much");
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedWithin(SOON)).isTrue();
            assertThat(rig.journey().status()).isEqualTo(413);
        }
    }

    @Test
    void expectContinue() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> answer(200, r.latin1()));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            for (int i = 0; i < 2; i++) {
                client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
                assertThat(client.anyResponse().status()).isEqualTo(100);
                assertThat(client.send("hello").response().latin1()).isEqualTo("hello");
            }
            // A client that does not wait for the 100.
            client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
            assertThat(client.response().latin1()).isEqualTo("hi");
        }
    }

    @Test
    void expectContinueRefused() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a").onHead(r -> answer(417, "no"));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            RawResponse response = client.anyResponse();
            assertThat(response.status()).isEqualTo(417);
            assertThat(response.text()).isEqualTo("no");
        }
    }

    @Test
    void otherInterimAnswersAreNoAnswers() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> script().write(
                                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                                        + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            RawResponse response = client.send(GET).response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("Link")).isNull();
            assertThat(client.send(GET).response().latin1()).isEqualTo("x");
            assertThat(a.connections()).isEqualTo(1);
        }
    }

    @Test
    void trailers() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> script().write(
                                "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n"
                                        + "0\r\nX-Sum: 7\r\nContent-Length: 5\r\n\r\n"));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Req: 1\r\n\r\n");
            RawResponse response = client.response();
            assertThat(response.latin1()).isEqualTo("hi");
            assertThat(response.trailer("X-Sum")).isEqualTo("7");
            assertThat(response.trailer("Content-Length")).isNull();
            Request request = a.awaitRequests(1).get(0);
            assertThat(request.latin1()).isEqualTo("abc");
            assertThat(request.trailers()).anySatisfy(t -> assertThat(t.name()).isEqualToIgnoringCase("X-Req"));
        }
    }

    @Test
    void chunkedBothWays() throws Exception {
        String big = "0123456789".repeat(300_000);
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a", r -> script().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                                .chunk(r.latin1())
                                .write("0\r\n\r\n"));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            for (String body : List.of("x", big, "last")) {
                client.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
                RawResponse response = client.response();
                assertThat(response.latin1()).isEqualTo(body);
                assertThat(response.ending()).isEqualTo(RawResponse.Ending.LAST_CHUNK);
            }
            assertThat(a.connections()).isEqualTo(1);
            assertThat(a.rubbish()).isEmpty();
        }
    }

    @Test
    void headAnd204And304() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a",
                        r -> r.method().equals("HEAD")
                                ? Script.answerHead(200, "twelve bytes")
                                : answer(r.target().equals("/204") ? 204 : 304, "", "ETag: \"x\""));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            for (int i = 0; i < 2; i++) {
                RawResponse head =
                        client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n").responseToHead();
                assertThat(head.header("Content-Length")).isEqualTo("12");
                assertThat(client.send("GET /204 HTTP/1.1\r\nHost: x\r\n\r\n")
                                .response()
                                .status())
                        .isEqualTo(204);
                RawResponse unchanged =
                        client.send("GET /304 HTTP/1.1\r\nHost: x\r\n\r\n").response();
                assertThat(unchanged.status()).isEqualTo(304);
                assertThat(unchanged.header("ETag")).isEqualTo("\"x\"");
            }
            assertThat(a.connections()).isEqualTo(1);
        }
    }

    @Test
    void untilClose() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> script().write("HTTP/1.0 200 OK\r\n\r\nhello ")
                        .delay(Duration.ofMillis(30))
                        .write("world")
                        .close());
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            for (int i = 0; i < 2; i++) {
                RawResponse response = client.send(GET).response();
                assertThat(response.latin1()).isEqualTo("hello world");
                assertThat(response.ending()).isEqualTo(RawResponse.Ending.LAST_CHUNK);
            }
            assertThat(rig.journey().ending()).isEqualTo(Ending.COMPLETE);
        }
    }

    @Test
    void aConnectionTheBackendClosesIsNotKept() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> answer(200, "x", "Connection: close"));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            for (int i = 1; i <= 3; i++) {
                assertThat(client.send(GET).response().latin1()).isEqualTo("x");
                assertThat(a.connections()).isEqualTo(i);
            }
        }
    }

    @Test
    void tooLargeABodyIs413() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a");
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nabc");
            assertThat(client.response().status()).isEqualTo(413);
            assertThat(rig.journey().ending()).isEqualTo(Ending.REQUEST_TOO_LARGE);
        }
    }
}
