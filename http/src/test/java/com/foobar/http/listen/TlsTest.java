package com.foobar.http.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.TlsChoice;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTPS with both engines and both kinds of keys. */
class TlsTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final KeyManager[] ECDSA = TestKeys.ecdsa();
    private static final KeyManager[] RSA = TestKeys.rsa();

    @ParameterizedTest
    @CsvSource({
        "JDK,ecdsa,TLSv1.3", "JDK,ecdsa,TLSv1.2", "JDK,rsa,TLSv1.3", "JDK,rsa,TLSv1.2",
        "CONSCRYPT,ecdsa,TLSv1.3", "CONSCRYPT,ecdsa,TLSv1.2", "CONSCRYPT,rsa,TLSv1.3", "CONSCRYPT,rsa,TLSv1.2"
    })
    void speaksBothProtocols(TlsEngine engine, String keys, String version) throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = https(stage, engine, keys.equals("rsa") ? RSA : ECDSA);
            TlsChoice choice = TlsChoice.plain().withVersions(version);
            try (RawHttp client = RawHttp.secure(listener.address(), choice.withAlpn("http/1.1"))) {
                assertThat(client.send(REQUEST).response().status()).isEqualTo(200);
                assertThat(client.send(REQUEST).response().status()).isEqualTo(200);
                assertThat(client.tls().getProtocol()).isEqualTo(version);
                assertThat(client.tls().getCipherSuite()).contains("GCM");
            }
            try (RawHttp client = RawHttp.secure(listener.address(), choice)) {
                assertThat(client.send(REQUEST).response().status()).isEqualTo(200);
            }
            HttpResponse<String> response = overHttp2(listener, choice.context());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.body()).isEqualTo("POST /a?b abc");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void oldProtocolsAreRefusedQuietly(TlsEngine engine) throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = https(stage, engine, ECDSA);
            String log = console(() -> {
                try (RawHttp client =
                        RawHttp.secure(listener.address(), TlsChoice.plain().withVersions("TLSv1.1"))) {
                    assertThat(client.isClosedWithin(SOON)).isTrue();
                } catch (UncheckedIOException e) {
                    assertThat(e).hasStackTraceContaining("Handshake");
                }
                Await.until("nobody is left", SOON, () -> listener.openConnections() == 0);
            });
            assertThat(log).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void plainHttpAndRubbishOnTheTlsPortAreClosedQuietly(TlsEngine engine) throws Exception {
        // What could still become a record is waited for, but not for long.
        Duration brief = Duration.ofSeconds(1);
        try (Stage stage = new Stage(Limits.DEFAULT.withPatience(brief, brief, Duration.ofSeconds(60)))) {
            Listener listener = https(stage, engine, ECDSA);
            String log = console(() -> {
                for (String bytes :
                        new String[] {REQUEST, "\u0016\u0003\u0001\u00ff\u00ff" + "x".repeat(70_000), "\u0000"}) {
                    try (RawHttp client = RawHttp.connect(listener.address())) {
                        send(client, bytes);
                        client.endOutput();
                        assertThat(client.untilClosed()).doesNotContain("HTTP");
                    }
                }
                // A socket is struck off a moment before the handshake that died with it is counted.
                Await.until(
                        "each is counted",
                        SOON,
                        () -> stage.listeners.counters().handshakesUnfinished() == 3);
                Await.until("nobody is left", SOON, () -> listener.openConnections() == 0);
            });
            assertThat(log).isEmpty();
        }
    }

    @Test
    void tlsOnThePlainPortIsRefusedQuietly() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.http();
            String log = console(() -> {
                try (RawHttp client = RawHttp.secure(listener.address(), TlsChoice.plain())) {
                    assertThat(client.isClosedWithin(SOON)).isTrue();
                } catch (UncheckedIOException e) {
                    assertThat(e).hasMessageContaining("TLS");
                }
                Await.until("nobody is left", SOON, () -> listener.openConnections() == 0);
            });
            assertThat(log).isEmpty();
        }
    }

    @Test
    void aHandshakeThatDoesNotComeIsCut() throws Exception {
        Duration brief = Duration.ofMillis(300);
        try (Stage stage = new Stage(Limits.DEFAULT.withPatience(brief, brief, Duration.ofSeconds(60)))) {
            Listener listener = https(stage, TlsEngine.JDK, ECDSA);
            try (RawHttp client = RawHttp.connect(listener.address())) {
                assertThat(client.send("\u0016\u0003").untilClosed()).isEmpty();
            }
        }
    }

    @Test
    void strictnessHoldsUnderTlsToo() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = https(stage, TlsEngine.AUTO, ECDSA);
            try (RawHttp client = RawHttp.secure(listener.address(), TlsChoice.plain())) {
                client.send(REQUEST + "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n" + REQUEST);
                assertThat(client.response().status()).isEqualTo(200);
                assertThat(client.response().status()).isEqualTo(400);
                assertThat(client.isClosedWithin(SOON)).isTrue();
            }
            assertThat(stage.seen).hasSize(1);
        }
    }

    @Test
    void proxyHeadersComeBeforeTheHandshake() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            SSLContext context = TlsEngine.AUTO.context(ECDSA);
            Listener listener = stage.open(
                    Binding.https("lb.https", Stage.any(), Tls.of(context)).withProxyFrom(peer -> true), stage::tell);
            try (RawHttp client = RawHttp.secure(listener.address(), TlsChoice.plain())) {
                assertThat(client.isClosedWithin(SOON)).isTrue();
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageContaining("TLS");
            }
            assertThat(stage.listeners.counters().proxyHeadersRefused()).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void drainingEndsAnIdleHttp2Connection(TlsEngine engine) throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = https(stage, engine, ECDSA);
            assertThat(overHttp2(listener, TlsChoice.plain().context()).statusCode())
                    .isEqualTo(200);
            assertThat(listener.drain(SOON)).isTrue();
        }
    }

    static Listener https(Stage stage, TlsEngine engine, KeyManager[] keys) throws Exception {
        return stage.open(Binding.https("lb.https", Stage.any(), Tls.of(engine.context(keys))), stage::tell);
    }

    static HttpResponse<String> overHttp2(Listener listener, SSLContext trusting) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(trusting)
                .connectTimeout(SOON)
                .build();
        URI uri = URI.create("https://localhost:" + listener.address().getPort() + "/a?b");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(SOON)
                .POST(HttpRequest.BodyPublishers.ofString("abc"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void send(RawHttp client, String bytes) {
        try {
            client.send(bytes);
        } catch (UncheckedIOException e) {
            // Closed on us while we were talking: right.
            assertThat(e).isNotNull();
        }
    }

    /** What the process wrote to the console meanwhile: the test logger writes INFO and above there. */
    private static String console(Runnable task) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream capture = new PrintStream(written, true, StandardCharsets.UTF_8);
        System.setOut(capture);
        System.setErr(capture);
        try {
            task.run();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return written.toString(StandardCharsets.UTF_8);
    }
}
