package com.foobar.database.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.foobar.database.account.Login;
import com.foobar.database.act.NodeFailure.Kind;
import com.foobar.database.dialect.Dialects;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.FreePorts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not a database that works; the one that does is met in the tests with real servers. */
class NodeSessionTest {

    private static final Duration BOUND = Duration.ofMillis(250);
    private static final Secret PASSWORD = Secret.parse("secret-password");

    @Test
    void nobodyThereIsKnownAtOnce() {
        NodeFailure failure = opening(FreePorts.one());
        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining("nobody listens there").hasMessageNotContaining("secret-password");
    }

    @Test
    void aServerThatAcceptsAndSaysNothingMeetsTheBound() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            long began = System.nanoTime();
            assertThat(opening(silent.getLocalPort()).kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(BOUND, BOUND.multipliedBy(12));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "\u0001\0\0\0\n",
                "\u0010\0\0\0\n11.4.5-MariaDB\0"
            })
    void whatIsNoDatabaseIsBrokenNotMore(String text) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> saying = CompletableFuture.runAsync(() -> say(server, text));
            assertThat(opening(server.getLocalPort()).kind()).isIn(Kind.BROKEN, Kind.TIMEOUT);
            saying.get();
        }
    }

    private static NodeFailure opening(int port) {
        Target target = new Target(
                new HostPort("127.0.0.1", port), Dialects.MARIADB, new Login("probe", PASSWORD), Optional.empty());
        NodeFailure failure =
                catchThrowableOfType(NodeFailure.class, () -> NodeSession.open(target, new Bounds(BOUND, BOUND))
                        .close());
        assertThat(failure).isNotNull();
        return failure;
    }

    private static void say(ServerSocket server, String text) {
        try (Socket guest = server.accept();
                OutputStream out = guest.getOutputStream()) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
