package com.foobar.http.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What one raw request gets: the status, and whether the connection may be used again. */
class StrictnessTest {

    private static final Limits LIMITS = Limits.DEFAULT.withHead(2048, 20, 512);
    private static final String HOST = "Host: www.foobar.com\r\n";
    private static final String SECOND = "GET /second HTTP/1.1\r\n" + HOST + "\r\n";

    private static Stage stage;
    private static Listener listener;

    @BeforeAll
    static void open() throws StartFailure {
        stage = new Stage(LIMITS);
        listener = stage.http();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedAndTheConnectionCloses(String what, int status, String request) {
        stage.seen.clear();
        try (RawHttp client = RawHttp.connect(listener.address())) {
            RawResponse response = client.send(request).response();

            assertThat(response.status()).as(response.text()).isEqualTo(status);
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedWithin(Duration.ofSeconds(2))).isTrue();
        }
    }

    /** The dangerous half: what follows in the same packet must not become a request of its own, nor part of another. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void nothingIsSmuggledBehindAGoodRequest(String what, int status, String request) {
        stage.seen.clear();
        try (RawHttp client = RawHttp.connect(listener.address())) {
            String all = client.send("GET /first HTTP/1.1\r\n" + HOST + "\r\n" + request + SECOND)
                    .untilClosed();

            assertThat(all).startsWith("HTTP/1.1 200").contains("HTTP/1.1 " + status);
            assertThat(all.split("HTTP/1.1 [0-9]", -1)).hasSize(3);
            assertThat(stage.seen).containsExactly("GET /first ");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void nothingIsSmuggledWhateverThePackets(String what, int status, String request) {
        stage.seen.clear();
        try (RawHttp client = RawHttp.connect(listener.address())) {
            client.send("GET /first HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            int middle = request.length() / 2;
            client.send(request.substring(0, middle));
            client.drip(request.substring(middle, Math.min(request.length(), middle + 60)), Duration.ofNanos(1));
            sendRest(client, request.substring(Math.min(request.length(), middle + 60)) + SECOND);

            String answer = client.untilClosed();
            if (!answer.isEmpty() || !request.contains("Transfer-Encoding: chunked\r\n\r\n")) {
                // A body found bad after its head was served ends at once; what we still send may then erase the
                // answer.
                assertThat(answer).contains("HTTP/1.1 " + status);
            }
            assertThat(stage.seen).doesNotContain("GET /second ", "GET /smuggled ");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void isServedAndTheConnectionStays(String what, String seen, String request) {
        try (RawHttp client = RawHttp.connect(listener.address())) {
            stage.seen.clear();
            RawResponse response = client.send(request + SECOND).response();
            assertThat(response.status()).as(response.text()).isEqualTo(200);
            assertThat(client.response().text()).isEqualTo("GET /second ");
            assertThat(stage.seen).containsExactly(seen, "GET /second ");
        }
        try (RawHttp client = RawHttp.connect(listener.address())) {
            stage.seen.clear();
            client.drip(request, Duration.ofNanos(1));
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(client.send(SECOND).response().text()).isEqualTo("GET /second ");
            assertThat(stage.seen).containsExactly(seen, "GET /second ");
        }
    }

    private static void sendRest(RawHttp client, String rest) {
        try {
            client.send(rest);
        } catch (java.io.UncheckedIOException e) {
            // Refused and closed while we were still talking: that is one of the right outcomes.
            assertThat(e).isNotNull();
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(requestLines(), fields(), hosts(), framing(), chunks(), paths(), limits())
                .flatMap(cases -> cases);
    }

    private static Stream<Arguments> requestLines() {
        return Stream.of(
                one("rubbish", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n"),
                one("an empty line first", 400, "\r\nGET / HTTP/1.1\r\n" + HOST + "\r\n"),
                one("no version", 400, "GET /\r\n" + HOST + "\r\n"),
                one("a bare line feed after the request line", 400, "GET / HTTP/1.1\n" + HOST + "\r\n"),
                one("a bare carriage return in the request line", 400, "GET / HTTP/1.1\rX\r\n" + HOST + "\r\n"),
                one("two blanks before the target", 400, "GET  / HTTP/1.1\r\n" + HOST + "\r\n"),
                one("two blanks before the version", 400, "GET /  HTTP/1.1\r\n" + HOST + "\r\n"),
                one("a blank after the version", 400, "GET / HTTP/1.1 \r\n" + HOST + "\r\n"),
                one("a tab before the target", 400, "GET\t/ HTTP/1.1\r\n" + HOST + "\r\n"),
                one("a method with a slash", 400, "GE/T / HTTP/1.1\r\n" + HOST + "\r\n"),
                one("an endless method", 400, "G".repeat(40) + " / HTTP/1.1\r\n" + HOST + "\r\n"),
                one("a lower-case protocol", 400, "GET / http/1.1\r\n" + HOST + "\r\n"),
                one("another protocol", 400, "GET / HTCPCP/1.0\r\n" + HOST + "\r\n"),
                one("HTTP/1.2", 505, "GET / HTTP/1.2\r\n" + HOST + "\r\n"),
                one("HTTP/2.0 as text", 505, "GET / HTTP/2.0\r\n" + HOST + "\r\n"),
                one("HTTP/3", 505, "GET / HTTP/3.0\r\n" + HOST + "\r\n"),
                one("the HTTP/2 preface, cut", 505, "PRI * HTTP/2.0\r\n\r\nSX\r\n\r\n"),
                one("CONNECT", 501, "CONNECT www.foobar.com:443 HTTP/1.1\r\n" + HOST + "\r\n"),
                one("TRACE", 501, "TRACE / HTTP/1.1\r\n" + HOST + "\r\n"),
                one("a target that is not ASCII", 400, "GET /\u00e4 HTTP/1.1\r\n" + HOST + "\r\n"),
                one("a target with a NUL", 400, "GET /\u0000 HTTP/1.1\r\n" + HOST + "\r\n"),
                one("a target with a quote", 400, "GET /\"x\" HTTP/1.1\r\n" + HOST + "\r\n"),
                one("a target with a fragment", 400, "GET /#x HTTP/1.1\r\n" + HOST + "\r\n"),
                one("a target without a slash", 400, "GET index.html HTTP/1.1\r\n" + HOST + "\r\n"));
    }

    private static Stream<Arguments> fields() {
        return Stream.of(
                field("a folded field", 400, "X: a\r\n b"),
                field("a folded field with a tab", 400, "X: a\r\n\tb"),
                field("a folded length", 400, "Content-Length:\r\n 5"),
                one("a blank before the first field", 400, "GET / HTTP/1.1\r\n " + HOST + "\r\n"),
                field("a bare line feed", 400, "X: a\nY: b"),
                field("a bare carriage return", 400, "X: a\rY: b"),
                field("a NUL in a value", 400, "X: a\u0000b"),
                field("a control in a value", 400, "X: a\u0001b"),
                field("DEL in a value", 400, "X: a\u007fb"),
                field("a blank before the colon", 400, "X : a"),
                field("a length with a blank before the colon", 400, "Content-Length : 5"),
                field("no colon", 400, "X"),
                field("no name", 400, ": a"),
                field("a name with a bracket", 400, "X[]: a"),
                field("a name that is not ASCII", 400, "X\u00e4: a"),
                field("a NUL in a name", 400, "X\u0000: a"),
                one("a bare line feed at the end", 400, "GET / HTTP/1.1\r\n" + HOST + "\n"),
                field("an odd expectation", 417, "Expect: a-miracle"));
    }

    private static Stream<Arguments> hosts() {
        return Stream.of(
                one("no Host", 400, "GET / HTTP/1.1\r\n\r\n"),
                one("an empty Host", 400, "GET / HTTP/1.1\r\nHost: \r\n\r\n"),
                field("two Hosts", 400, "Host: other"),
                field("two equal Hosts", 400, "Host: www.foobar.com"),
                host("a list", "a, b"),
                host("a path", "www.foobar.com/x"),
                host("a user", "me@www.foobar.com"),
                host("an escape", "www%2efoobar.com"),
                host("a blank", "www foobar"),
                host("a bad port", "www.foobar.com:http"),
                host("port zero", "www.foobar.com:0"),
                host("a huge port", "www.foobar.com:65536"),
                host("no port after the colon", "www.foobar.com:"),
                host("an open bracket", "[::1"),
                host("a bracket around a name", "[foobar]"),
                host("a quote", "www.foobar.com\""),
                one("another host in the target", 400, "GET http://evil/ HTTP/1.1\r\n" + HOST + "\r\n"),
                one(
                        "another host in the target that mentions the Host",
                        400,
                        "GET http://evil/www.foobar.com HTTP/1.1\r\n" + HOST + "\r\n"),
                one(
                        "a host in the target that only begins so",
                        400,
                        "GET http://www.foobar.com.evil/ HTTP/1.1\r\n" + HOST + "\r\n"),
                one("a user in the target", 400, "GET http://a@www.foobar.com/ HTTP/1.1\r\n" + HOST + "\r\n"),
                one("another scheme", 400, "GET ftp://www.foobar.com/ HTTP/1.1\r\n" + HOST + "\r\n"));
    }

    private static Stream<Arguments> framing() {
        String smuggled = "\r\n\r\nGET /smuggled HTTP/1.1\r\n" + HOST;
        return Stream.of(
                field("length and coding", 400, "Content-Length: 5\r\nTransfer-Encoding: chunked"),
                field("coding and length", 400, "Transfer-Encoding: chunked\r\nContent-Length: 5"),
                field("two lengths", 400, "Content-Length: 5\r\nContent-Length: 6"),
                field("two equal lengths", 400, "Content-Length: 5\r\nContent-Length: 5"),
                field("a list of lengths", 400, "Content-Length: 5, 5"),
                field("a signed length", 400, "Content-Length: +5"),
                field("a negative length", 400, "Content-Length: -5"),
                field("a hexadecimal length", 400, "Content-Length: 0x5"),
                field("an empty length", 400, "Content-Length: "),
                field("a length with a blank", 400, "Content-Length: 5 5"),
                field("a length that overflows", 400, "Content-Length: 18446744073709551621"),
                field("a length in other digits", 400, "Content-Length: \u00b2"),
                field("an unknown coding", 501, "Transfer-Encoding: xchunked" + smuggled),
                field("a list of codings", 501, "Transfer-Encoding: gzip, chunked" + smuggled),
                field("chunked not last", 501, "Transfer-Encoding: chunked, identity" + smuggled),
                field("identity", 501, "Transfer-Encoding: identity" + smuggled),
                field("an empty coding", 501, "Transfer-Encoding: " + smuggled),
                field("a coding in quotes", 501, "Transfer-Encoding: \"chunked\"" + smuggled),
                field("a coding with parameters", 501, "Transfer-Encoding: chunked;x=y" + smuggled),
                field("a coding that goes on", 501, "Transfer-Encoding: chunkedx" + smuggled),
                field("a coding that breaks off", 501, "Transfer-Encoding: chunke" + smuggled),
                field("a coding after a vertical tab", 400, "Transfer-Encoding: \u000bchunked"),
                field("two codings", 501, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
                field(
                        "a coding that is not there at all times",
                        501,
                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x"),
                one(
                        "chunked in HTTP/1.0",
                        400,
                        "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    }

    private static Stream<Arguments> chunks() {
        return Stream.of(
                chunk("a size that is no number", "x\r\n"),
                chunk("an empty size", "\r\nabc\r\n"),
                chunk("a signed size", "+3\r\nabc\r\n0\r\n\r\n"),
                chunk("a size with 0x", "0x3\r\nabc\r\n0\r\n\r\n"),
                chunk("a blank before the size", " 3\r\nabc\r\n0\r\n\r\n"),
                chunk("a blank after the size", "3 \r\nabc\r\n0\r\n\r\n"),
                chunk("a size that overflows", "1000000000000000003\r\nabc\r\n0\r\n\r\n"),
                chunk("a bare line feed after the size", "3\nabc\r\n0\r\n\r\n"),
                chunk("a bare line feed in an extension", "3;a\nabc\r\n0\r\n\r\n"),
                chunk("a bare carriage return in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n"),
                chunk("a NUL in an extension", "3;\u0000\r\nabc\r\n0\r\n\r\n"),
                chunk("endless extensions", "3;" + "a".repeat(9000) + "\r\nabc\r\n0\r\n\r\n"),
                chunk("no line end after the data", "3\r\nabc0\r\n\r\n"),
                chunk("a bare line feed after the data", "3\r\nabc\n0\r\n\r\n"),
                chunk("more data than said", "3\r\nabcdef\r\n0\r\n\r\n"),
                chunk("a bare line feed at the end", "3\r\nabc\r\n0\r\n\n"),
                chunk("a bare line feed after the last size", "3\r\nabc\r\n0\n\r\n"),
                chunk("a trailer without a colon", "0\r\nX\r\n\r\n"),
                chunk("a folded trailer", "0\r\nX: a\r\n b\r\n\r\n"),
                chunk("a length among the trailers", "0\r\nContent-Length: 5\r\n\r\n"),
                chunk("a coding among the trailers", "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                chunk("a Host among the trailers", "0\r\nHost: evil\r\n\r\n"),
                chunk("too many trailers", "0\r\n" + "X: a\r\n".repeat(21) + "\r\n"));
    }

    private static Stream<Arguments> paths() {
        return Stream.of(
                path("above the root", "/../etc/passwd"),
                path("above the root, later", "/a/../../etc/passwd"),
                path("above the root, escaped", "/%2e%2e/etc/passwd"),
                path("above the root, half escaped", "/.%2E/etc/passwd"),
                path("an escaped slash", "/a%2fb"),
                path("an escaped slash after dots", "/a/..%2f..%2fetc"),
                path("an escaped backslash", "/a%5cb"),
                path("a backslash", "/a\\b"),
                path("an escaped NUL", "/a%00b"),
                path("an escaped line end", "/a%0d%0ab"),
                path("an escape that breaks off", "/a%2"),
                path("an escape that is none", "/a%zz"),
                path("dots with parameters", "/a/..;/b"),
                path("dots with more parameters", "/a/..;x=y/b"),
                path("a dot with parameters", "/a/.;/b"),
                path("escaped dots with parameters", "/a/%2e%2e;/b"));
    }

    private static Stream<Arguments> limits() {
        return Stream.of(
                one("a long target", 414, "GET /" + "a".repeat(512) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                one("a target that does not end", 414, "GET /" + "a".repeat(3000)),
                field("a long field", 431, "X: " + "a".repeat(2048)),
                field("a long name", 431, "X".repeat(2048) + ": a"),
                field("many fields", 431, "X: a\r\n".repeat(20) + "X: a"),
                one("fields without end", 431, "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n".repeat(500)));
    }

    static Stream<Arguments> accepted() {
        return Stream.of(
                good("a plain request", "GET / ", "GET / HTTP/1.1\r\n" + HOST + "\r\n"),
                good("a query", "GET /a?b=%20&c ", "GET /a?b=%20&c HTTP/1.1\r\n" + HOST + "\r\n"),
                good("an absolute target", "GET /a ", "GET http://www.foobar.com/a HTTP/1.1\r\n" + HOST + "\r\n"),
                good(
                        "an absolute target without path",
                        "GET / ",
                        "GET http://www.foobar.com HTTP/1.1\r\n" + HOST + "\r\n"),
                good("OPTIONS *", "OPTIONS * ", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n"),
                good("a Host with a port", "GET / ", "GET / HTTP/1.1\r\nHost: www.foobar.com:8080\r\n\r\n"),
                good("an IPv6 Host", "GET / ", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"),
                good("blanks around a value", "GET / ", "GET / HTTP/1.1\r\nHost:  www.foobar.com\t \r\n\r\n"),
                good("an empty value", "GET / ", "GET / HTTP/1.1\r\n" + HOST + "X:\r\n\r\n"),
                good("a value in Latin-1", "GET / ", "GET / HTTP/1.1\r\n" + HOST + "X: \u00e4\r\n\r\n"),
                good("a length", "POST / abc", "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc"),
                good("a length of nothing", "POST / ", "POST / HTTP/1.1\r\n" + HOST + "content-length:0\r\n\r\n"),
                good(
                        "a length with zeros before",
                        "POST / abc",
                        "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 003 \r\n\r\nabc"),
                good("a GET with a body", "GET / abc", "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc"),
                good("chunks", "POST / abcdef", chunked("3\r\nabc\r\n3;ext=\"a b\"\r\ndef\r\n0\r\n\r\n")),
                good(
                        "chunks in capitals",
                        "POST / " + "a".repeat(10),
                        chunked("A\r\n" + "a".repeat(10) + "\r\n00\r\n\r\n")),
                good("chunks with trailers", "POST / abc", chunked("3\r\nabc\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n")),
                good(
                        "Chunked in another case",
                        "POST / ",
                        "POST / HTTP/1.1\r\n" + HOST + "transfer-ENCODING: Chunked\r\n\r\n0\r\n\r\n"),
                good(
                        "names that only look alike",
                        "GET / ",
                        "GET / HTTP/1.1\r\n" + HOST
                                + "Content-Lengthy: x\r\nHosts: a\r\nTransfer-Encodings: y\r\n\r\n"),
                good("dots resolved", "GET /a/c ", "GET /a/./b/../c HTTP/1.1\r\n" + HOST + "\r\n"),
                good("escaped dots resolved", "GET /a/c ", "GET /a/%2e/b/%2E%2e/c HTTP/1.1\r\n" + HOST + "\r\n"),
                good("slashes merged", "GET /a/b ", "GET //a///b HTTP/1.1\r\n" + HOST + "\r\n"),
                good("letters unescaped", "GET /admin ", "GET /%61dmin HTTP/1.1\r\n" + HOST + "\r\n"),
                good("escapes in capitals", "GET /%C3%A4 ", "GET /%c3%a4 HTTP/1.1\r\n" + HOST + "\r\n"),
                good("parameters kept", "GET /a;v=1/b;c?d ", "GET /a;v=1/b;c?d HTTP/1.1\r\n" + HOST + "\r\n"),
                good("an escaped percent sign kept", "GET /%252e ", "GET /%252e HTTP/1.1\r\n" + HOST + "\r\n"),
                good(
                        "an expectation",
                        "POST / abc",
                        "POST / HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"));
    }

    private static Arguments good(String what, String seen, String request) {
        return Arguments.of(what, seen, request);
    }

    private static Arguments one(String what, int status, String request) {
        return Arguments.of(what, status, request);
    }

    private static Arguments field(String what, int status, String field) {
        return Arguments.of(what, status, "POST / HTTP/1.1\r\n" + HOST + field + "\r\n\r\n");
    }

    private static Arguments host(String what, String host) {
        return Arguments.of("Host with " + what, 400, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    private static Arguments path(String what, String path) {
        return Arguments.of(what, 400, "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n");
    }

    private static Arguments chunk(String what, String body) {
        return Arguments.of(what, 400, chunked(body));
    }

    private static String chunked(String body) {
        return "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + body;
    }
}
