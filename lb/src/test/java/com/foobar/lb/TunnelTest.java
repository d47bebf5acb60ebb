package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.RawHttp;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After an upgrade the connection speaks what the balancer does not understand, and has no business to judge. */
class TunnelTest {
    /** Every byte there is, among them a frame's 0x81 and what would end an HTTP head. */
    private static final String ALL_BYTES = IntStream.range(0, 512)
                    .mapToObj(octet -> String.valueOf((char) (octet & 0xff)))
                    .reduce("", String::concat)
            + "\r\n\r\n";

    @TempDir
    Path data;

    private final ScriptedBackend a = ScriptedBackend.scripted(
            "a", request -> Objects.requireNonNullElse(Tunnel.echo(request), Script.answer(200, "a")));

    @AfterEach
    void close() {
        a.close();
    }

    @Test
    void anyBytePassesBothWays() {
        try (Balancer balancer = Balancer.started(data, List.of(a));
                Tunnel tunnel = Tunnel.open(balancer)) {
            for (int i = 0; i < 3; i++) {
                assertThat(tunnel.echo(ALL_BYTES)).isEqualTo(ALL_BYTES);
            }
            assertThat(tunnel.echo("GET / HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n"))
                    .endsWith("\r\n\r\n");
        }
    }

    /** Behind a tunnel of HTTP/2 no rule of the balancer would hold; also without its settings, and named among others. */
    @Test
    void noTunnelIsForHttp2() {
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            for (String wish : List.of("h2c", "H2C", "websocket, h2c")) {
                try (RawHttp client = balancer.connect()) {
                    client.sendLines(
                            "GET / HTTP/1.1", "Host: " + Balancer.SITE, "Connection: Upgrade", "Upgrade: " + wish);
                    assertThat(client.response().status()).as(wish).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void noDeadlineOfHttpEndsIt() {
        try (Balancer balancer = Balancer.started(
                        data, List.of(a), "limits: {idle: 300ms, head-time: 300ms, body-rate: 1000000}");
                Tunnel silent = Tunnel.open(balancer);
                Tunnel halfWord = Tunnel.open(balancer)) {
            assertThat(halfWord.echo("GET /half-a-li")).isEqualTo("GET /half-a-li");
            assertThat(silent.isClosedWithin(Duration.ofMillis(1200))).isFalse();
            assertThat(silent.echo("still there")).isEqualTo("still there");
            assertThat(halfWord.echo("ne")).isEqualTo("ne");
        }
    }

    @Test
    void silenceLongerThanItsOwnTimeoutDoes() {
        try (Balancer balancer = Balancer.started(data, List.of(a), "timeouts: {tunnel: 500ms}");
                Tunnel silent = Tunnel.open(balancer)) {
            assertThat(silent.isClosedWithin(Balancer.PATIENCE)).isTrue();
        }
    }
}
