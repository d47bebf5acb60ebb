package com.foobar.http.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardingTest {

    /** 10.0.0.0/8 and ::1 are ours, everybody else is the world. */
    private static final Trust OURS = peer -> peer.getAddress()[0] == 10 || peer.isLoopbackAddress();

    private static final String WORLD = "192.0.2.7";
    private static final String LB = "10.0.0.10";

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void theClientIsTheNearestWhoIsNotTrusted(
            String what, String peer, @Nullable String xff, @Nullable String forwarded, String client, String chain) {
        Received received = new Received("http", "www.foobar.com", forwarded, xff, null, null);

        Forwarding result = Forwarding.of(ip(peer), OURS, received);

        assertThat(result.client()).isEqualTo(ip(client));
        assertThat(result.forwardedFor()).isEqualTo(chain);
    }

    static Stream<Arguments> addresses() {
        return Stream.of(
                Arguments.of("nothing said", WORLD, null, null, WORLD, WORLD),
                Arguments.of("a stranger lies", WORLD, "1.2.3.4", "for=1.2.3.4", WORLD, WORLD),
                Arguments.of("one hop", LB, "192.0.2.7", null, WORLD, "192.0.2.7, 10.0.0.10"),
                Arguments.of(
                        "the client lies to our balancer",
                        LB,
                        "1.2.3.4, 192.0.2.7",
                        null,
                        WORLD,
                        "192.0.2.7, 10.0.0.10"),
                Arguments.of(
                        "two hops of ours", LB, "192.0.2.7, 10.0.0.11", null, WORLD, "192.0.2.7, 10.0.0.11, 10.0.0.10"),
                Arguments.of(
                        "all ours", LB, "10.0.0.12,10.0.0.11", null, "10.0.0.12", "10.0.0.12, 10.0.0.11, 10.0.0.10"),
                Arguments.of("a port", LB, "192.0.2.7:4711", null, WORLD, "192.0.2.7, 10.0.0.10"),
                Arguments.of("IPv6", LB, "2001:db8::1", null, "2001:db8::1", "2001:db8:0:0:0:0:0:1, 10.0.0.10"),
                Arguments.of(
                        "IPv6 in brackets",
                        LB,
                        "[2001:db8::1]:80",
                        null,
                        "2001:db8::1",
                        "2001:db8:0:0:0:0:0:1, 10.0.0.10"),
                Arguments.of("mapped IPv4", LB, "::ffff:192.0.2.7", null, WORLD, "192.0.2.7, 10.0.0.10"),
                Arguments.of("unknown", LB, "unknown", null, LB, LB),
                Arguments.of("a name", LB, "localhost", null, LB, LB),
                Arguments.of("rubbish", LB, "<script>", null, LB, LB),
                Arguments.of(
                        "rubbish before what is believed",
                        LB,
                        "rubbish, 192.0.2.7",
                        null,
                        WORLD,
                        "192.0.2.7, 10.0.0.10"),
                Arguments.of(
                        "rubbish behind ours",
                        LB,
                        "192.0.2.9, rubbish, 10.0.0.11",
                        null,
                        "10.0.0.11",
                        "10.0.0.11, 10.0.0.10"),
                Arguments.of("commas", LB, ",,,", null, LB, LB),
                Arguments.of("empty", LB, "", null, LB, LB),
                Arguments.of(
                        "hundreds",
                        LB,
                        "10.0.0.1,".repeat(200) + "10.0.0.2",
                        null,
                        "10.0.0.1",
                        "10.0.0.1, ".repeat(31) + "10.0.0.2, 10.0.0.10"),
                Arguments.of("standard", LB, null, "for=192.0.2.7;proto=https", WORLD, "192.0.2.7, 10.0.0.10"),
                Arguments.of("standard in capitals", LB, null, "For=192.0.2.7", WORLD, "192.0.2.7, 10.0.0.10"),
                Arguments.of(
                        "standard, quoted IPv6",
                        LB,
                        null,
                        "for=\"[2001:db8::1]:4711\"",
                        "2001:db8::1",
                        "2001:db8:0:0:0:0:0:1, 10.0.0.10"),
                Arguments.of("standard, escaped", LB, null, "for=\"192.0\\.2.7\"", WORLD, "192.0.2.7, 10.0.0.10"),
                Arguments.of(
                        "standard, two hops",
                        LB,
                        null,
                        "for=192.0.2.7 , for=10.0.0.11;by=x",
                        WORLD,
                        "192.0.2.7, 10.0.0.11, 10.0.0.10"),
                Arguments.of("standard, obfuscated", LB, null, "for=_hidden", LB, LB),
                Arguments.of("standard, unknown", LB, null, "for=unknown", LB, LB),
                Arguments.of("standard, bare IPv6 is malformed", LB, null, "for=2001:db8::1", LB, LB),
                Arguments.of("standard, no value", LB, null, "for=", LB, LB),
                Arguments.of("standard, unfinished quotes", LB, null, "for=\"192.0.2.7", LB, LB),
                Arguments.of("standard, rubbish", LB, null, "<script>", LB, LB),
                Arguments.of("standard, twice", LB, null, "for=192.0.2.7;for=192.0.2.8", LB, LB),
                Arguments.of("both agree", LB, "192.0.2.7", "for=192.0.2.7", WORLD, "192.0.2.7, 10.0.0.10"),
                Arguments.of("both disagree", LB, "192.0.2.7", "for=1.2.3.4", LB, LB));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sides")
    void schemeAndHostAreBelievedFromTrustedPeersOnly(
            String what,
            String peer,
            @Nullable String proto,
            @Nullable String host,
            @Nullable String forwarded,
            String expected) {
        String xff = forwarded == null ? "192.0.2.9" : null;
        Forwarding result = Forwarding.of(ip(peer), OURS, new Received("http", "inside", forwarded, xff, proto, host));

        assertThat(result.scheme() + " " + result.host()).isEqualTo(expected);
    }

    static Stream<Arguments> sides() {
        return Stream.of(
                Arguments.of("told", LB, "https", "www.foobar.com", null, "https www.foobar.com"),
                Arguments.of("told by a stranger", WORLD, "https", "evil", null, "http inside"),
                Arguments.of("in capitals", LB, "HTTPS", null, null, "https inside"),
                Arguments.of("odd", LB, "javascript", "a/b", null, "http inside"),
                Arguments.of("lists", LB, "http, https", "evil, www.foobar.com", null, "https www.foobar.com"),
                Arguments.of(
                        "standard",
                        LB,
                        null,
                        null,
                        "for=1.1.1.1;proto=https;host=\"www.foobar.com\"",
                        "https www.foobar.com"),
                Arguments.of("standard, odd host", LB, null, null, "for=1.1.1.1;proto=ftp;host=\"a b\"", "http inside"),
                Arguments.of(
                        "standard, the hop that was believed",
                        LB,
                        null,
                        null,
                        "for=1.1.1.1;proto=http;host=evil, for=2.2.2.2;proto=https;host=good",
                        "https good"));
    }

    @Test
    void theStandardHeaderIsQuotedWhereItMustBe() {
        Received received = new Received("https", "www.foobar.com:8443", null, null, null, null);

        assertThat(Forwarding.of(ip(WORLD), OURS, received).forwarded())
                .isEqualTo("for=192.0.2.7;host=\"www.foobar.com:8443\";proto=https");
        assertThat(Forwarding.of(ip("2001:db8::1"), OURS, received).forwarded())
                .isEqualTo("for=\"[2001:db8:0:0:0:0:0:1]\";host=\"www.foobar.com:8443\";proto=https");
    }

    private static InetAddress ip(String text) {
        return Objects.requireNonNull(IpText.any(text), text);
    }
}
