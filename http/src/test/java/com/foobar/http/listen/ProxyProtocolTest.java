package com.foobar.http.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.transport.ProxyVersion;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import io.undertow.server.HttpServerExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY protocol: the header as bytes, and as a listener treats it. */
class ProxyProtocolTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final Duration SOON = Duration.ofSeconds(4);
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void headersAreReadByteByByteAndInOnePiece(String what, byte[] bytes, String expected) {
        assertThat(told(ProxyHeader.read(ByteBuffer.wrap(bytes)))).isEqualTo(expected);
        boolean malformed = expected.equals("MALFORMED");
        for (int i = 0; i < bytes.length; i++) {
            ProxyHeader part = ProxyHeader.read(ByteBuffer.wrap(bytes, 0, i));
            if (part.state() == ProxyHeader.State.MALFORMED) {
                assertThat(malformed).as("refused after %d bytes", i).isTrue();
                return;
            }
            assertThat(part.state()).isEqualTo(ProxyHeader.State.PARTIAL);
        }
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                text("IPv4", "PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\n", "192.0.2.1:4711 192.0.2.2:80"),
                text("IPv6", "PROXY TCP6 2001:db8::1 ::1 1 65535\r\n", "2001:db8:0:0:0:0:0:1:1 0:0:0:0:0:0:0:1:65535"),
                text("unknown", "PROXY UNKNOWN\r\n", "nobody"),
                text("unknown with words", "PROXY UNKNOWN a b c d\r\n", "nobody"),
                text("no protocol", "PROXY \r\n", "MALFORMED"),
                text("UDP", "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n", "MALFORMED"),
                text("two blanks", "PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n", "MALFORMED"),
                text("a name", "PROXY TCP4 localhost 192.0.2.2 1 2\r\n", "MALFORMED"),
                text("IPv6 as IPv4", "PROXY TCP4 ::1 ::1 1 2\r\n", "MALFORMED"),
                text("a big number", "PROXY TCP4 256.0.2.1 192.0.2.2 1 2\r\n", "MALFORMED"),
                text("an octal number", "PROXY TCP4 010.0.2.1 192.0.2.2 1 2\r\n", "MALFORMED"),
                text("a big port", "PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n", "MALFORMED"),
                text("a signed port", "PROXY TCP4 192.0.2.1 192.0.2.2 +1 2\r\n", "MALFORMED"),
                text("a port too few", "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", "MALFORMED"),
                text("a port too many", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n", "MALFORMED"),
                text("a bare line feed", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n", "MALFORMED"),
                text("a NUL", "PROXY TCP4 192.0.2.1\u0000 192.0.2.2 1 2\r\n", "MALFORMED"),
                text("too long", "PROXY UNKNOWN " + "a".repeat(100) + "\r\n", "MALFORMED"),
                text("no header at all", "GET / HTTP/1.1\r\n", "MALFORMED"),
                binary("v2 IPv4", "2111000c" + "c0000201c00002021267" + "0050", "192.0.2.1:4711 192.0.2.2:80"),
                binary(
                        "v2 with extensions",
                        "2111000f" + "c0000201c000020212670050" + "040000",
                        "192.0.2.1:4711 192.0.2.2:80"),
                binary(
                        "v2 IPv6",
                        "21210024" + "20010db8000000000000000000000001" + "00000000000000000000000000000001"
                                + "00010002",
                        "2001:db8:0:0:0:0:0:1:1 0:0:0:0:0:0:0:1:2"),
                binary("v2 local", "20000000", "nobody"),
                binary("v2 local with words", "2011000c" + "c0000201c000020212670050", "nobody"),
                binary("v2 of an unknown family", "21000000", "nobody"),
                binary("v2 of a Unix socket", "213100d8" + "00".repeat(216), "MALFORMED"),
                binary("v2 over UDP", "2112000c" + "c0000201c000020212670050", "MALFORMED"),
                binary("v2 too short", "2111000b" + "c0000201c0000202126700", "MALFORMED"),
                binary("v2 too long", "2111ffff", "MALFORMED"),
                binary("version 1 in binary", "1111000c" + "c0000201c000020212670050", "MALFORMED"),
                binary("an unknown command", "2211000c" + "c0000201c000020212670050", "MALFORMED"));
    }

    @Test
    void aTrustedPeerTellsWhoTheClientIs() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.open(binding(peer -> true), ProxyProtocolTest::tell);
            try (RawHttp client = RawHttp.connect(listener.address())) {
                client.send("PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\n" + REQUEST);
                assertThat(client.response().text()).isEqualTo("192.0.2.1");
                assertThat(client.send(REQUEST).response().text()).isEqualTo("192.0.2.1");
            }
            try (RawHttp client = RawHttp.connect(listener.address())) {
                client.sendBytes(HexFormat.of().parseHex(SIGNATURE + "2111000cc000020bc000020212670050"));
                client.drip(REQUEST, Duration.ofNanos(1));
                assertThat(client.response().text()).isEqualTo("192.0.2.11");
            }
            try (RawHttp client = RawHttp.connect(listener.address())) {
                client.drip("PROXY UNKNOWN\r\n" + REQUEST, Duration.ofNanos(1));
                assertThat(client.response().text()).isEqualTo("127.0.0.1");
            }
            Await.until("nobody is left", SOON, () -> stage.listeners.openConnections() == 0);
        }
    }

    /** The header took the readiness of the socket with it, and a request in a later packet was never seen. */
    @Test
    void aRequestThatComesLongAfterItsHeaderIsAnswered() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.open(binding(peer -> true), ProxyProtocolTest::tell);
            try (RawHttp client = RawHttp.connect(listener.address())) {
                client.send("PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\n");
                assertThat(client.isClosedWithin(Duration.ofMillis(100))).isFalse();
                assertThat(client.send(REQUEST).response().text()).isEqualTo("192.0.2.1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY TCP4 x\r\n", REQUEST, "\r\n\r\n\u0000rubbish", "PROXY " + "\u0000"})
    void aMalformedOrMissingHeaderClosesTheConnectionWithoutAWord(String bytes) throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.open(binding(peer -> true), stage::tell);
            try (RawHttp client = RawHttp.connect(listener.address())) {
                assertThat(client.send(bytes).untilClosed()).isEmpty();
            }
            assertThat(stage.seen).isEmpty();
            assertThat(stage.listeners.counters().proxyHeadersRefused()).isOne();
        }
    }

    @Test
    void aPeerThatIsNotTrustedIsClosedWhateverItSays() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.open(binding(Trust.NOBODY), stage::tell);
            try (RawHttp client = RawHttp.connect(listener.address())) {
                assertThat(client.untilClosed()).isEmpty();
            }
            assertThat(stage.seen).isEmpty();
            assertThat(stage.listeners.counters().proxyHeadersRefused()).isOne();
        }
    }

    @Test
    void aHeaderThatDoesNotComeIsNotWaitedForForLong() throws Exception {
        Duration brief = Duration.ofMillis(300);
        try (Stage stage = new Stage(Limits.DEFAULT.withPatience(brief, brief, Duration.ofSeconds(60)))) {
            Listener listener = stage.open(binding(peer -> true), stage::tell);
            try (RawHttp client = RawHttp.connect(listener.address())) {
                assertThat(client.send("PROXY TCP4 192").untilClosed()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyVersion.class)
    void whatIsSentToABackendIsReadBackTheSame(ProxyVersion version) throws Exception {
        assertThat(sent(version, "192.0.2.1", "192.0.2.2")).isEqualTo("192.0.2.1:4711 192.0.2.2:80");
        assertThat(sent(version, "2001:db8::1", "::1")).isEqualTo("2001:db8:0:0:0:0:0:1:4711 0:0:0:0:0:0:0:1:80");
        // Java turns a mapped address back into the IPv4 address that it is.
        assertThat(sent(version, "2001:db8::1", "192.0.2.2")).isEqualTo("2001:db8:0:0:0:0:0:1:4711 192.0.2.2:80");
        assertThat(told(ProxyHeader.read(ByteBuffer.wrap(version.ownHeader())))).isEqualTo("nobody");
    }

    private static String sent(ProxyVersion version, String client, String reached) throws Exception {
        byte[] header = version.header(
                new InetSocketAddress(InetAddress.getByName(client), 4711),
                new InetSocketAddress(InetAddress.getByName(reached), 80));
        ProxyHeader read = ProxyHeader.read(ByteBuffer.wrap(header));
        assertThat(read.size()).isEqualTo(header.length);
        return told(read);
    }

    @Test
    void theLimitPerAddressCountsTheReportedClients() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT.withConnections(100, 1))) {
            Listener listener = stage.open(binding(peer -> true), ProxyProtocolTest::tell);
            String header = "PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\n";
            try (RawHttp first = RawHttp.connect(listener.address());
                    RawHttp second = RawHttp.connect(listener.address());
                    RawHttp other = RawHttp.connect(listener.address())) {
                assertThat(first.send(header + REQUEST).response().status()).isEqualTo(200);
                assertThat(second.send(header + REQUEST).untilClosed()).isEmpty();
                other.send("PROXY TCP4 192.0.2.9 192.0.2.2 1 80\r\n" + REQUEST);
                assertThat(other.response().text()).isEqualTo("192.0.2.9");
            }
            Await.until("nobody is left", SOON, () -> stage.listeners.openConnections() == 0);
            try (RawHttp again = RawHttp.connect(listener.address())) {
                assertThat(again.send(header + REQUEST).response().status()).isEqualTo(200);
            }
        }
    }

    private static Binding binding(Trust trust) {
        return Binding.http("lb.http", Stage.any()).withProxyFrom(trust);
    }

    private static void tell(HttpServerExchange exchange) {
        exchange.getResponseSender()
                .send(exchange.getSourceAddress().getAddress().getHostAddress());
    }

    private static String told(ProxyHeader header) {
        if (header.state() != ProxyHeader.State.COMPLETE) {
            return header.state().name();
        }
        return header.source() == null || header.destination() == null
                ? "nobody"
                : header.source().getAddress().getHostAddress() + ":"
                        + header.source().getPort() + " "
                        + header.destination().getAddress().getHostAddress() + ":"
                        + header.destination().getPort();
    }

    private static Arguments text(String what, String header, String expected) {
        return Arguments.of(what, header.getBytes(StandardCharsets.ISO_8859_1), expected);
    }

    private static Arguments binary(String what, String hex, String expected) {
        return Arguments.of(what, HexFormat.of().parseHex(SIGNATURE + hex), expected);
    }
}
