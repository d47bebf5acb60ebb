package com.foobar.http.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import io.undertow.server.HttpServerExchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 by prior knowledge, frame by frame: limits, abuse, and what must not get through to HTTP/1. */
class Http2Test {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int REFUSED_STREAM = 7;
    private static final int ENHANCE_YOUR_CALM = 11;

    @Test
    void requestsAreAnswered() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.http();
            try (RawHttp client = RawHttp.connect(listener.address())) {
                Frames frames = new Frames(client);
                frames.get(1, "/a?b").get(3, "/./x");
                assertThat(text(frames.next(Frames.DATA))).isEqualTo("GET /a?b ");
                assertThat(text(frames.next(Frames.DATA))).isEqualTo("GET /x ");
            }
        }
    }

    @Test
    void thePrefaceMayComeInPieces() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.http();
            try (RawHttp client = RawHttp.connect(listener.address())) {
                client.drip(
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000",
                        Duration.ofNanos(1));
                byte[] frame = client.readBytes(9);
                assertThat(frame[3]).isEqualTo((byte) Frames.SETTINGS);
            }
            try (RawHttp client = RawHttp.connect(listener.address())) {
                client.drip("PRIVATE / HTTP/1.1\r\nHost: x\r\n\r\n", Duration.ofNanos(1));
                assertThat(client.response().text()).isEqualTo("PRIVATE / ");
            }
        }
    }

    @Test
    void anUnfinishedPrefaceIsCut() throws Exception {
        Duration brief = Duration.ofMillis(300);
        try (Stage stage = new Stage(Limits.DEFAULT.withPatience(brief, brief, Duration.ofSeconds(60)))) {
            Listener listener = stage.http();
            try (RawHttp client = RawHttp.connect(listener.address())) {
                assertThat(client.send("PRI * HT").untilClosed()).isEmpty();
            }
        }
    }

    @Test
    void streamsBeyondTheLimitAreRefusedAndTheOthersGoOn() throws Exception {
        List<HttpServerExchange> held = new CopyOnWriteArrayList<>();
        Limits limits = Limits.DEFAULT.withHttp2(new Limits.Http2(3, 50, Duration.ofSeconds(30), 65_536, 16_384, 4096));
        try (Stage stage = new Stage(limits)) {
            Listener listener = stage.open(Binding.http("lb.http", Stage.any()), exchange -> hold(exchange, held));
            try (RawHttp client = RawHttp.connect(listener.address())) {
                Frames frames = new Frames(client);
                for (int stream = 1; stream <= 9; stream += 2) {
                    frames.get(stream, "/" + stream);
                }
                Frames.Frame first = frames.next(Frames.RESET);
                Frames.Frame second = frames.next(Frames.RESET);
                assertThat(List.of(first.stream(), second.stream())).containsExactly(7, 9);
                assertThat(first.errorCode()).isEqualTo(REFUSED_STREAM);
                assertThat(stage.listeners.counters().streamsRefused()).isEqualTo(2);
                Await.until("three are held", SOON, () -> held.size() == 3);

                held.forEach(exchange -> exchange.getResponseSender().send("late"));
                assertThat(text(frames.next(Frames.DATA))).isEqualTo("late");
                frames.next(Frames.DATA);
                frames.next(Frames.DATA);
                frames.get(11, "/11");
                Await.until("there is a place again", SOON, () -> held.size() == 4);
            }
        }
    }

    @Test
    void rapidResetEndsTheConnection() throws Exception {
        List<HttpServerExchange> held = new CopyOnWriteArrayList<>();
        Limits limits =
                Limits.DEFAULT.withHttp2(new Limits.Http2(100, 20, Duration.ofSeconds(30), 65_536, 16_384, 4096));
        try (Stage stage = new Stage(limits)) {
            Listener listener = stage.open(Binding.http("lb.http", Stage.any()), exchange -> hold(exchange, held));
            try (RawHttp client = RawHttp.connect(listener.address())) {
                Frames frames = new Frames(client);
                for (int stream = 1; stream < 60; stream += 2) {
                    frames.get(stream, "/").reset(stream);
                }
                assertThat(frames.next(Frames.GOAWAY).errorCode()).isEqualTo(ENHANCE_YOUR_CALM);
                assertThat(client.isClosedWithin(SOON)).isTrue();
            }
            Await.until("nobody is left", SOON, () -> listener.openConnections() == 0);
        }
    }

    @Test
    void aHugeHeadIsRefused() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT.withHead(4096, 100, 2048))) {
            Listener listener = stage.http();
            try (RawHttp client = RawHttp.connect(listener.address())) {
                Frames frames = new Frames(client);
                frames.get(1, "/", "x", "a".repeat(6000));
                assertThat(client.untilClosed()).doesNotContain("GET /");
            }
            assertThat(stage.seen).isEmpty();
        }
    }

    @Test
    void manyFieldsAreRefused() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT.withHead(8192, 10, 2048))) {
            Listener listener = stage.http();
            try (RawHttp client = RawHttp.connect(listener.address())) {
                String[] more = new String[60];
                for (int i = 0; i < more.length; i += 2) {
                    more[i] = "x" + i;
                    more[i + 1] = "a";
                }
                new Frames(client).get(1, "/", more);
                assertThat(client.untilClosed()).doesNotContain("GET /");
            }
            assertThat(stage.seen).isEmpty();
        }
    }

    @Test
    void aSilentHttp2ConnectionIsClosed() throws Exception {
        Duration brief = Duration.ofMillis(500);
        try (Stage stage = new Stage(Limits.DEFAULT.withPatience(brief, brief, brief))) {
            Listener listener = stage.http();
            try (RawHttp client = RawHttp.connect(listener.address())) {
                new Frames(client);
                client.untilClosed();
            }
            try (RawHttp client = RawHttp.connect(listener.address())) {
                Frames frames = new Frames(client);
                frames.get(1, "/");
                frames.next(Frames.DATA);
                client.untilClosed();
            }
            Await.until("nobody is left", SOON, () -> listener.openConnections() == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "transfer-encoding,chunked",
        "connection,close",
        "upgrade,h2c",
        "proxy-connection,x",
        "keep-alive,x",
        "content-length,+0",
        "content-length,'0, 0'",
        "content-length,x",
        "te,gzip"
    })
    void whatHttp1WouldReadDifferentlyIsRefused(String name, String value) throws Exception {
        refused("/", name, value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nEvil: b", "a\nb", "a\rb", "a\u0000b"})
    void lineEndsInValuesAreRefused(String value) throws Exception {
        refused("/", "x", value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\r\nb: c", "A", "a:", "", "a\u0000"})
    void oddNamesAreRefused(String name) throws Exception {
        refused("/", name, "x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/../x", "/%2e%2e/x", "/%2f", "/a\\b", "/a b", "/a\r\nb", "x", "", "*", "/..;/x", "http://evil/"
            })
    void oddPathsAreRefused(String path) throws Exception {
        refused(path);
    }

    private static void refused(String path, String... field) throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.http();
            try (RawHttp client = RawHttp.connect(listener.address())) {
                Frames frames = new Frames(client);
                frames.get(1, path, field);
                frames.send(6, 0, 0, new byte[8]);
                Frames.Frame answer = frames.next();
                while (answer.type() != Frames.RESET
                        && answer.type() != Frames.GOAWAY
                        && answer.type() != Frames.HEADERS) {
                    answer = frames.next();
                }
                if (answer.type() == Frames.HEADERS) {
                    assertThat(text(frames.next(Frames.DATA))).contains("<h1>4");
                }
            }
            assertThat(stage.seen).isEmpty();
        }
    }

    private static void hold(HttpServerExchange exchange, List<HttpServerExchange> held) {
        exchange.dispatch(io.undertow.util.SameThreadExecutor.INSTANCE, () -> held.add(exchange));
    }

    private static String text(Frames.Frame frame) {
        return new String(frame.body(), StandardCharsets.ISO_8859_1);
    }
}
