package com.foobar.kernel.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerCertificatesTest {

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private DevelopmentAuthority authority;
    private ServerCertificates certificates;
    private SSLServerSocket server;

    @BeforeEach
    void listen() throws Exception {
        authority = DevelopmentAuthority.open(folder, Clock.systemUTC());
        certificates = new ServerCertificates(CertificateMap.of(List.of(
                leaf("default", "default.foobar.com"), leaf("www", "www.foobar.com"), leaf("any", "*.foobar.com"))));
        server = (SSLServerSocket) ServerContext.of(certificates)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::echo);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, www.foobar.com,   www.foobar.com",
        "TLSv1.3, www.foobar.com,   www.foobar.com",
        "TLSv1.2, WWW.FooBar.com,   www.foobar.com",
        "TLSv1.3, shop.foobar.com,  *.foobar.com",
        "TLSv1.3, a.b.foobar.com,   default.foobar.com",
        "TLSv1.2, elsewhere.com,    default.foobar.com",
        "TLSv1.3, elsewhere.com,    default.foobar.com",
        "TLSv1.3, com,              default.foobar.com",
        "TLSv1.2, ,                 default.foobar.com",
        "TLSv1.3, ,                 default.foobar.com",
    })
    void theNameChoosesTheCertificate(String protocol, String name, String shown) throws Exception {
        try (SSLSocket socket = connect(protocol, name)) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(shownBy(socket).dnsNames()).containsExactly(shown);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void aSwapIsSeenByTheNextHandshakeAndNotByConnectionsThatExist(String protocol) throws Exception {
        try (SSLSocket before = connect(protocol, "www.foobar.com")) {
            KeyMaterial renewed = leaf("renewed", "www.foobar.com");
            certificates.replace(CertificateMap.of(renewed));
            try (SSLSocket after = connect(protocol, "www.foobar.com")) {
                assertThat(shownBy(after).fingerprint()).isEqualTo(renewed.fingerprint());
                assertThat(roundTrip(after)).isEqualTo('x');
            }
            assertThat(roundTrip(before)).isEqualTo('x');
        }
    }

    /** Swaps as fast as it can while others shake hands: each must end well, with one certificate or the other. */
    @Test
    void aSwapInTheMiddleOfHandshakesBreaksNone() throws Exception {
        KeyMaterial a = leaf("a", "a.foobar.com");
        KeyMaterial b = leaf("b", "b.foobar.com");
        var swapping = threads.submit(() -> {
            // A handshake takes its alias and key within microseconds; a pause of some of them is the fastest real
            // reload.
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                certificates.replace(CertificateMap.of(i % 2 == 0 ? a : b));
                LockSupport.parkNanos(1_000_000);
            }
        });
        for (int i = 0; i < 60; i++) {
            try (SSLSocket socket = connect(i % 2 == 0 ? "TLSv1.2" : "TLSv1.3", "x.org")) {
                assertThat(roundTrip(socket)).isEqualTo('x');
            }
        }
        swapping.cancel(true);
    }

    @Test
    void anAliasFromBeforeTheSwapStillFetchesAMatchingPair() throws Exception {
        KeyMaterial old = certificates.map().materials().get(0);
        String alias = certificates.chooseServerAlias("EC", null, null);
        assertThat(alias).isEqualTo(old.fingerprint());
        certificates.replace(CertificateMap.of(leaf("new", "new.foobar.com")));
        assertThat(certificates.getPrivateKey(alias)).isEqualTo(old.privateKey());
        assertThat(certificates.getCertificateChain(alias)).startsWith(old.leaf());
        assertThat(certificates.chooseServerAlias("RSA", null, null)).isNull();
        assertThat(certificates.getPrivateKey("unknown")).isNull();
    }

    @Test
    void anotherProviderMayCarryIt() throws Exception {
        SSLContext context =
                ServerContext.of(certificates, SSLContext.getDefault().getProvider());
        assertThat(context.getProvider()).isEqualTo(SSLContext.getDefault().getProvider());
    }

    private KeyMaterial leaf(String file, String name) throws TlsMaterialException {
        return authority.leaf(file, ServerNames.of(List.of(name), List.of()));
    }

    /** A context per connection: a session that is resumed would show the old certificate and prove nothing. */
    private SSLSocket connect(String protocol, String name) throws Exception {
        SSLSocket socket =
                (SSLSocket) trusting(authority.certificate()).getSocketFactory().createSocket();
        socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 5_000);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static KeyMaterial shownBy(SSLSocket socket) throws IOException {
        X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return new KeyMaterial(new NoKey(), List.of(shown));
    }

    private static int roundTrip(SSLSocket socket) throws IOException {
        socket.getOutputStream().write('x');
        return socket.getInputStream().read();
    }

    private void echo() {
        while (!server.isClosed()) {
            try {
                Socket accepted = server.accept();
                threads.execute(() -> echo(accepted));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echo(Socket accepted) {
        try (accepted) {
            accepted.setTcpNoDelay(true);
            accepted.getInputStream().transferTo(accepted.getOutputStream());
        } catch (IOException gone) {
            // The client closes as it likes.
        }
    }

    private static SSLContext trusting(X509Certificate authority) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", authority);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** A certificate seen from outside comes without its key. */
    private static final class NoKey implements PrivateKey {
        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            return "none";
        }

        @Override
        public String getFormat() {
            return "none";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }
}
