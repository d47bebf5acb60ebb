package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScriptedBackendTest {

    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(5);

    private static RawResponse get(ScriptedBackend backend, String target) {
        try (RawHttp http = RawHttp.connect(backend.port())) {
            return http.sendLines("GET " + target + " HTTP/1.1", "Host: a").response();
        }
    }

    @Test
    void answersWithItsNameAndItsHealth() {
        try (ScriptedBackend web1 = ScriptedBackend.answering("web1")) {
            assertThat(get(web1, "/").text()).isEqualTo("web1");
            assertThat(get(web1, "/").header("X-Backend")).isEqualTo("web1");
            assertThat(get(web1, "/health").status()).isEqualTo(200);
            web1.health(503);
            assertThat(get(web1, "/health").status()).isEqualTo(503);
            assertThat(get(web1, "/").status()).isEqualTo(200);
        }
    }

    @Test
    void recordsRequestsAsTheyCameAndOnWhichConnection() {
        try (ScriptedBackend backend = ScriptedBackend.answering("web1")) {
            try (RawHttp http = RawHttp.connect(backend.port())) {
                http.send("GET /a?b=c HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nx-a: 2\r\n\r\n")
                        .response();
                http.send("PUT /up HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello").response();
                http.send(
                                "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX-T: 9\r\n\r\n")
                        .response();
                assertThat(http.sendLines("HEAD / HTTP/1.1").responseToHead().header("Content-Length"))
                        .isEqualTo("4");
            }
            get(backend, "/second");
            List<Request> requests = backend.awaitRequests(5);
            assertThat(requests).extracting(Request::connection).containsExactly(1, 1, 1, 1, 2);
            assertThat(requests.get(0).target()).isEqualTo("/a?b=c");
            assertThat(requests.get(0).headers())
                    .containsExactly(new Header("Host", "a"), new Header("X-A", "1"), new Header("x-a", "2"));
            assertThat(requests.get(1).method()).isEqualTo("PUT");
            assertThat(requests.get(1).text()).isEqualTo("hello");
            assertThat(requests.get(2).text()).isEqualTo("abc");
            assertThat(requests.get(2).trailers()).containsExactly(new Header("X-T", "9"));
            assertThat(backend.connections()).isEqualTo(2);
            assertThat(backend.rubbish()).isEmpty();
        }
    }

    @Test
    void closesWhenAskedTo() {
        try (ScriptedBackend backend = ScriptedBackend.answering("web1");
                RawHttp http = RawHttp.connect(backend.port())) {
            assertThat(http.sendLines("GET / HTTP/1.1", "Connection: close")
                            .response()
                            .text())
                    .isEqualTo("web1");
            assertThat(http.isClosedWithin(LONG)).isTrue();
        }
    }

    @Test
    void walksThroughItsScriptStepByStep() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch came = new CountDownLatch(1);
        Script script = Script.script()
                .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                .chunk("one")
                .tell(came)
                .hold(go)
                .delay(SHORT)
                .drip("3\r\ntwo\r\n0\r\n\r\n", Duration.ofMillis(1))
                .endOutput();
        try (ScriptedBackend backend = ScriptedBackend.scripted("steps", any -> script);
                RawHttp http = RawHttp.connect(backend.port())) {
            http.sendLines("GET / HTTP/1.1");
            assertThat(came.await(5, TimeUnit.SECONDS)).isTrue();
            long began = System.nanoTime();
            go.countDown();
            assertThat(http.response().text()).isEqualTo("onetwo");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(SHORT);
            assertThat(http.isClosedWithin(LONG)).isTrue();
            assertThat(backend.openConnections()).as("half-closed only").isEqualTo(1);
        }
    }

    @Test
    void neverAnswersAndNoticesThatTheClientGaveUp() {
        try (ScriptedBackend backend = ScriptedBackend.scripted("mute", any -> Script.neverAnswer())) {
            try (RawHttp http = RawHttp.connect(backend.port()).patience(SHORT)) {
                http.sendLines("GET / HTTP/1.1");
                assertThatThrownBy(http::response).isInstanceOf(AssertionError.class);
                assertThat(backend.openConnections()).isEqualTo(1);
            }
            Await.until("it has noticed", LONG, () -> backend.openConnections() == 0);
        }
    }

    @Test
    void answers100WhenExpectedOrEarlyInsteadOfReadingTheBody() {
        try (ScriptedBackend backend = ScriptedBackend.answering("web1")) {
            try (RawHttp http = RawHttp.connect(backend.port())) {
                http.sendLines("PUT / HTTP/1.1", "Expect: 100-continue", "Content-Length: 2");
                assertThat(http.anyResponse().status()).isEqualTo(100);
                assertThat(http.send("ab").response().status()).isEqualTo(200);
            }
            backend.onHead(head -> Script.answer(413, "too big"));
            try (RawHttp http = RawHttp.connect(backend.port())) {
                http.sendLines("PUT / HTTP/1.1", "Content-Length: 1000000");
                http.send("x".repeat(500_000));
                assertThat(http.response().status()).isEqualTo(413);
            }
        }
    }

    @Test
    void remembersARequestWhoseBodyWasCutAndWordsThatWereNoHttp() {
        try (ScriptedBackend backend = ScriptedBackend.answering("web1")) {
            try (RawHttp http = RawHttp.connect(backend.port())) {
                http.send("PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc").endOutput();
                assertThat(http.isClosedWithin(LONG)).isTrue();
            }
            assertThat(backend.awaitRequests(1).get(0).complete()).isFalse();
            try (RawHttp http = RawHttp.connect(backend.port())) {
                http.sendLines("rubbish");
                assertThat(http.isClosedWithin(LONG)).isTrue();
            }
            assertThat(backend.rubbish()).singleElement().asString().contains("not a request line");
        }
    }

    @Test
    void diesAndComesBackOnTheSamePort() {
        try (ScriptedBackend backend = ScriptedBackend.answering("web1")) {
            try (RawHttp http = RawHttp.connect(backend.port())) {
                http.sendLines("GET / HTTP/1.1").response();
                backend.stop();
                assertThat(http.isClosedWithin(LONG)).isTrue();
            }
            assertThatThrownBy(() -> RawHttp.connect(backend.port())).isInstanceOf(UncheckedIOException.class);
            backend.start();
            assertThat(get(backend, "/").text()).isEqualTo("web1");
        }
    }

    @Test
    void refusesNewConnectionsWhileOldOnesGoOn() {
        try (ScriptedBackend backend = ScriptedBackend.answering("web1");
                RawHttp http = RawHttp.connect(backend.port())) {
            http.sendLines("GET / HTTP/1.1").response();
            backend.refuse();
            assertThatThrownBy(() -> RawHttp.connect(backend.port())).isInstanceOf(UncheckedIOException.class);
            assertThat(http.sendLines("GET / HTTP/1.1").response().status()).isEqualTo(200);
        }
    }

    @Test
    void acceptsAndHangs() {
        try (ScriptedBackend backend = ScriptedBackend.answering("web1")) {
            backend.hang();
            try (RawHttp http = RawHttp.connect(backend.port()).patience(SHORT)) {
                http.sendLines("GET / HTTP/1.1");
                assertThatThrownBy(http::response).isInstanceOf(AssertionError.class);
                assertThat(backend.connections()).isEqualTo(1);
                assertThat(backend.requests()).isEmpty();
            }
            backend.start();
            assertThat(get(backend, "/").status()).isEqualTo(200);
        }
    }

    @Test
    void closesWhateverItsScriptsWaitFor() {
        ScriptedBackend backend = ScriptedBackend.scripted(
                "stuck",
                request -> request.target().equals("/latch")
                        ? Script.script().hold(new CountDownLatch(1))
                        : Script.script().delay(Duration.ofHours(1)));
        try (RawHttp latch = RawHttp.connect(backend.port());
                RawHttp delay = RawHttp.connect(backend.port())) {
            latch.sendLines("GET /latch HTTP/1.1");
            delay.sendLines("GET /delay HTTP/1.1");
            backend.awaitRequests(2);
            backend.close();
            assertThat(backend.openConnections()).isZero();
            assertThat(latch.isClosedWithin(LONG)).isTrue();
            assertThat(delay.isClosedWithin(LONG)).isTrue();
        }
    }
}
