package com.foobar.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GreetingTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String PACKET = "\u0055\0\0\0\n5.5.5-10.11.19-MariaDB\0more";

    @Test
    void readsTheVersion() throws Exception {
        assertThat(said(PACKET)).contains(new Greeting("5.5.5-10.11.19-MariaDB"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 400 Bad Request\r\n\r\n", "\u0055\0\0\0\n10.11", "SSH-2.0-OpenSSH_9.2\r\n"})
    void othersGreetOtherwise(String text) throws Exception {
        assertThat(said(text)).isEmpty();
    }

    @Test
    void silenceHasAnEnd() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Greeting.from((InetSocketAddress) silent.getLocalSocketAddress(), SHORT))
                    .isEmpty();
        }
    }

    private static Optional<Greeting> said(String text) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> saying = CompletableFuture.runAsync(() -> say(server, text));
            Optional<Greeting> greeting = Greeting.from((InetSocketAddress) server.getLocalSocketAddress(), SHORT);
            saying.get();
            return greeting;
        }
    }

    private static void say(ServerSocket server, String text) {
        try (Socket guest = server.accept();
                OutputStream out = guest.getOutputStream()) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
