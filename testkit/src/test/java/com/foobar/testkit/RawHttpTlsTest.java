package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawHttpTlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static SSLContext server;

    @BeforeAll
    static void makeAKey() throws Exception {
        Path keys = folder.resolve("keys.p12");
        String keytool = Jdks.running().home().resolve("bin").resolve("keytool").toString();
        Command.run(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=testkit",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        "changeit")
                .orFail();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        server = SSLContext.getInstance("TLS");
        server.init(factory.getKeyManagers(), null, null);
    }

    @Test
    void offersTheServerNameAndProtocolsItIsToldAndTrustsAnybody() throws Exception {
        try (SSLServerSocket socket = listen()) {
            CompletableFuture<List<SNIServerName>> asked = answerOne(socket);
            TlsChoice choice = TlsChoice.plain()
                    .withServerName("www.foobar.com")
                    .withAlpn("h2", "http/1.1")
                    .withVersions("TLSv1.3");
            try (RawHttp http = RawHttp.secure(socket.getLocalPort(), choice)) {
                http.sendLines("GET / HTTP/1.1", "Host: a");
                assertThat(http.response().text()).isEqualTo("hello");
                assertThat(http.alpn()).isEqualTo("http/1.1");
                assertThat(http.tls().getProtocol()).isEqualTo("TLSv1.3");
                assertThat(http.tls().getPeerPrincipal().getName()).isEqualTo("CN=testkit");
            }
            assertThat(asked.get(5, TimeUnit.SECONDS)).containsExactly(new SNIHostName("www.foobar.com"));
        }
    }

    @Test
    void sendsNoServerNameUnlessTold() throws Exception {
        try (SSLServerSocket socket = listen()) {
            CompletableFuture<List<SNIServerName>> asked = answerOne(socket);
            try (RawHttp http = RawHttp.secure(socket.getLocalPort(), TlsChoice.plain())) {
                assertThat(http.alpn()).isEmpty();
                http.sendLines("GET / HTTP/1.1", "Host: a");
                assertThat(http.response().status()).isEqualTo(200);
                assertThat(http.isClosedWithin(java.time.Duration.ofSeconds(5))).isTrue();
            }
            assertThat(asked.get(5, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void givesUpOnAServerThatNeverShakesHands() {
        try (ScriptedBackend plain = ScriptedBackend.answering("plain")) {
            assertThatThrownBy(() -> RawHttp.secure(plain.port(), TlsChoice.plain()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("no TLS connection");
        }
    }

    private static SSLServerSocket listen() throws IOException {
        SSLServerSocket socket =
                (SSLServerSocket) server.getServerSocketFactory().createServerSocket();
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        socket.setSSLParameters(parameters);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    private static CompletableFuture<List<SNIServerName>> answerOne(SSLServerSocket socket) {
        return CompletableFuture.supplyAsync(() -> {
            try (SSLSocket connection = (SSLSocket) socket.accept()) {
                MessageReader reader = new MessageReader(connection.getInputStream());
                assertThat(reader.firstLine()).isEqualTo("GET / HTTP/1.1");
                assertThat(reader.headers()).hasSize(1);
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII));
                return ((ExtendedSSLSession) connection.getSession()).getRequestedServerNames();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
