package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.testkit.RawResponse.Ending;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawHttpTest {

    private static final Duration SHORT = Duration.ofMillis(150);

    /** The backend says these bytes to whatever it is asked, then closes if told to. */
    private static RawResponse responseTo(String request, Script script) {
        try (ScriptedBackend backend = ScriptedBackend.scripted("raw", any -> script);
                RawHttp http = RawHttp.connect(backend.port())) {
            http.sendLines(request, "Host: a");
            return request.startsWith("HEAD") ? http.responseToHead() : http.response();
        }
    }

    private static RawResponse response(String bytes) {
        return responseTo("GET / HTTP/1.1", Script.script().write(bytes).close());
    }

    @Test
    void keepsHeadersInOrderWithCaseAndDuplicates() {
        RawResponse response = response(
                "HTTP/1.1 200 All Right\r\nSet-Cookie: a=1\r\nX-Empty:\r\nset-cookie:  b=2 \r\nContent-Length: 2\r\n\r\nok");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.reason()).isEqualTo("All Right");
        assertThat(response.headers())
                .containsExactly(
                        new Header("Set-Cookie", "a=1"),
                        new Header("X-Empty", ""),
                        new Header("set-cookie", "b=2"),
                        new Header("Content-Length", "2"));
        assertThat(response.headers("SET-COOKIE")).containsExactly("a=1", "b=2");
        assertThat(response.header("absent")).isNull();
        assertThat(response.text()).isEqualTo("ok");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | 200 OK | Content-Length: 3      | abc                    | abc | CONTENT_LENGTH",
                "GET  | 200 OK | Content-Length: 9      | abc                    | abc | CUT",
                "GET  | 200 OK | X: y                   | abc                    | abc | CLOSE",
                "GET  | 200 OK | Transfer-Encoding: chunked | 2;x=y~ab~1~c~0~~   | abc | LAST_CHUNK",
                "GET  | 200 OK | Transfer-Encoding: chunked | 2~ab~1~c~          | abc | CUT",
                "GET  | 200 OK | Transfer-Encoding: chunked | 5~abc              | abc | CUT",
                "HEAD | 200 OK | Content-Length: 3      | ''                     | ''  | NO_BODY",
                "GET  | 304 Not Modified | Content-Length: 3 | ''                | ''  | NO_BODY",
                "GET  | 204 | X: y                      | ''                     | ''  | NO_BODY",
            })
    void saysHowTheBodyEnded(String method, String status, String header, String bytes, String body, Ending ending) {
        Script script = Script.script()
                .write("HTTP/1.1 " + status + "\r\n" + header + "\r\n\r\n" + bytes.replace("~", "\r\n"))
                .close();
        RawResponse response = responseTo(method + " / HTTP/1.1", script);
        assertThat(response.text()).isEqualTo(body);
        assertThat(response.ending()).isEqualTo(ending);
        assertThat(response.complete()).isEqualTo(ending != Ending.CUT);
    }

    @Test
    void aResetInsideTheBodyIsNotAnEnd() {
        CountDownLatch half = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.scripted("resets", any -> Script.script()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
                        .hold(half)
                        .reset());
                RawHttp http = RawHttp.connect(backend.port())) {
            http.sendLines("GET / HTTP/1.1", "Host: a");
            // The first byte is here before the reset is sent, or the reset might overtake it.
            assertThat(http.isClosedWithin(SHORT)).isFalse();
            half.countDown();
            RawResponse response = http.response();
            assertThat(response.ending()).isEqualTo(Ending.RESET);
            assertThat(response.complete()).isFalse();
        }
    }

    @Test
    void readsTrailers() {
        RawResponse response = response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n0\r\nX-Sum: 900\r\nX-More: 1\r\n\r\n");
        assertThat(response.trailer("x-sum")).isEqualTo("900");
        assertThat(response.trailers()).hasSize(2);
    }

    @Test
    void collectsInterimResponsesOrGivesThemOneByOne() {
        String bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        assertThat(response(bytes).interim()).extracting(RawResponse::status).containsExactly(100, 103);
        try (ScriptedBackend backend = ScriptedBackend.scripted(
                        "interim", any -> Script.script().write(bytes));
                RawHttp http = RawHttp.connect(backend.port())) {
            http.sendLines("GET / HTTP/1.1", "Host: a");
            assertThat(http.anyResponse().status()).isEqualTo(100);
            assertThat(http.anyResponse().header("Link")).isEqualTo("x");
            assertThat(http.response().status()).isEqualTo(200);
        }
    }

    @Test
    void readsPipelinedResponsesOneByOneAndRawBytesAfterAnUpgrade() {
        try (ScriptedBackend backend = ScriptedBackend.scripted(
                        "pipeline",
                        request -> request.target().equals("/up")
                                ? Script.script()
                                        .write("HTTP/1.1 101 Switching Protocols\r\n\r\n")
                                        .echo()
                                : Script.answer(200, request.target()));
                RawHttp http = RawHttp.connect(backend.port())) {
            http.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /up HTTP/1.1\r\n\r\n");
            assertThat(http.response().text()).isEqualTo("/1");
            assertThat(http.response().text()).isEqualTo("/2");
            assertThat(http.response().status()).isEqualTo(101);
            http.send("ping");
            assertThat(http.readBytes(4)).containsExactly('p', 'i', 'n', 'g');
            http.endOutput();
            assertThat(http.untilClosed()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rubbish~~                                                | not a status line",
                "HTTP/1.1 200 OK~no colon~~                               | not a header line",
                "HTTP/1.1 200 OK~Space : x~~                              | not a header line",
                "HTTP/1.1 200 OK~Content-Length: 1~Content-Length: 2~~ab  | not one Content-Length",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~          | not the size of a chunk",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~1~abc~       | after a chunk of 1",
                "HTTP/1.1 20                                              | closed instead of a response",
                "''                                                       | closed instead of a response",
            })
    void failsOnRubbishAndQuotesIt(String bytes, String complaint) {
        assertThatThrownBy(() -> response(bytes.replace("~", "\r\n")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void givesUpAtTheDeadlineEvenWhenBytesKeepDripping() {
        try (ScriptedBackend backend = ScriptedBackend.scripted("drips", any -> Script.script()
                        .drip("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(400), Duration.ofMillis(10)));
                RawHttp http = RawHttp.connect(backend.port()).patience(SHORT)) {
            http.sendLines("GET / HTTP/1.1", "Host: a");
            long began = System.nanoTime();
            assertThatThrownBy(http::response)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("no whole response within " + SHORT)
                    .hasMessageContaining("HTTP/1.1");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void givesUpWritingToAPeerThatDoesNotRead() {
        try (ScriptedBackend backend = ScriptedBackend.answering("deaf")) {
            backend.hang();
            try (RawHttp http = RawHttp.connect(backend.port()).patience(SHORT)) {
                assertThatThrownBy(() -> http.sendBytes(new byte[64 << 20]))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("did not take");
            }
        }
    }

    @Test
    void seesACloseAndTellsItFromSilenceAndFromBytes() {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.scripted(
                        "closes", any -> Script.script().write("x").hold(end).close());
                RawHttp http = RawHttp.connect(backend.port())) {
            assertThat(http.isClosed()).isFalse();
            http.sendLines("GET / HTTP/1.1", "Host: a");
            assertThat(http.isClosedWithin(Duration.ofSeconds(5))).isFalse();
            assertThat(http.readBytes(1)).containsExactly('x');
            assertThatThrownBy(() -> http.patience(SHORT).untilClosed()).hasMessageContaining("not closed within");
            end.countDown();
            assertThat(http.isClosedWithin(Duration.ofSeconds(5))).isTrue();
            assertThat(http.isClosed()).isTrue();
        }
    }

    @Test
    void dripsUntilThePeerHasHadEnough() {
        try (ScriptedBackend backend = ScriptedBackend.answering("patient");
                RawHttp http = RawHttp.connect(backend.port())) {
            String request = "GET / HTTP/1.1\r\n\r\n";
            assertThat(http.drip(request, Duration.ofMillis(1))).isEqualTo(request.length());
            assertThat(http.response().text()).isEqualTo("patient");
            backend.stop();
            assertThat(http.drip("x".repeat(1_000), Duration.ofMillis(1))).isLessThan(1_000);
        }
    }

    @Test
    void aResetIsSeenByTheOtherSide() {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.scripted(
                        "waits", any -> Script.neverAnswer().tell(asked));
                RawHttp http = RawHttp.connect(backend.port())) {
            http.sendLines("GET / HTTP/1.1", "Host: a");
            backend.awaitRequests(1);
            http.reset();
            Await.until("the connection is gone", Duration.ofSeconds(5), () -> backend.openConnections() == 0);
            assertThat(asked.getCount()).isEqualTo(1);
        }
    }

    @Test
    void namesWhereItCouldNotConnect() {
        int port = FreePorts.one();
        assertThatThrownBy(() -> RawHttp.connect(port))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(Integer.toString(port));
    }
}
