package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.tls.DevelopmentAuthority;
import com.foobar.kernel.tls.KeyMaterial;
import com.foobar.kernel.tls.ServerNames;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.ScriptedBackend;
import com.foobar.testkit.TlsChoice;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    @TempDir
    private Path data;

    @TempDir
    private Path keys;

    private final int https = FreePorts.one();
    private final ScriptedBackend web1 = ScriptedBackend.answering("web1");

    @AfterEach
    void close() {
        web1.close();
    }

    private static TlsChoice trusting(Path authority) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(authority)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return TlsChoice.plain().withContext(context);
    }

    private static X509Certificate shown(RawHttp client) throws Exception {
        return (X509Certificate) client.tls().getPeerCertificates()[0];
    }

    /** Key and chain in one file, as {@code NAME.pem} in the folder of keys. */
    private KeyMaterial issue(String name, String host) throws Exception {
        return DevelopmentAuthority.open(keys, InstantSource.system())
                .leaf(name, ServerNames.of(List.of(host), List.of()));
    }

    private String certificate(String name) {
        String file = keys.resolve(name + ".pem").toString();
        return "{chain: '" + file + "', key: '" + file + "'}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "auto"})
    void https_with_the_certificate_of_the_development_authority(String engine) throws Exception {
        try (Balancer balancer = Balancer.started(
                data,
                List.of(web1),
                Balancer.UNCHECKED,
                "https: " + https,
                "tls-engine: " + engine,
                "hosts: [shop.foobar.com]")) {
            TlsChoice choice = trusting(data.resolve("certs").resolve("ca.pem")).withServerName(Balancer.SITE);
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (RawHttp client =
                        RawHttp.secure(https, choice.withVersions(version).withAlpn("http/1.1"))) {
                    assertThat(client.tls().getProtocol()).isEqualTo(version);
                    assertThat(client.alpn()).isEqualTo("http/1.1");
                    assertThat(Balancer.get(client, "/").text()).isEqualTo("web1");
                    assertThat(shown(client).getSubjectAlternativeNames())
                            .extracting(name -> String.valueOf(name.get(1)))
                            .contains(Balancer.SITE, "shop.foobar.com", "localhost", "127.0.0.1");
                }
            }
            assertThat(web1.awaitRequests(1).get(0).header("X-Forwarded-Proto")).isEqualTo("https");
            try (RawHttp client = RawHttp.secure(https, choice.withAlpn("h2", "http/1.1"))) {
                assertThat(client.alpn()).isEqualTo("h2");
            }
            assertThat(balancer.log.await(2).get(0).get("scheme")).isEqualTo("https");
        }
    }

    @Test
    void without_https_no_certificate_is_read_or_made() throws Exception {
        String broken = "certificates: [" + certificate("missing") + "]";
        try (Balancer balancer = Balancer.started(data, List.of(web1), Balancer.UNCHECKED, broken)) {
            balancer.reload(List.of(web1), Balancer.UNCHECKED, broken);
            balancer.reload();
            assertThat(data.resolve("certs")).doesNotExist();
            balancer.reload(List.of(web1), Balancer.UNCHECKED, "https: " + https);
            TlsChoice choice = trusting(data.resolve("certs").resolve("ca.pem")).withServerName(Balancer.SITE);
            try (RawHttp client = RawHttp.secure(https, choice)) {
                assertThat(Balancer.get(client, "/").text()).isEqualTo("web1");
            }
        }
    }

    @Test
    void who_trusts_another_authority_is_not_served() throws Exception {
        issue("other", "other.test");
        TlsChoice choice = trusting(keys.resolve("ca.pem")).withServerName(Balancer.SITE);
        try (Balancer balancer = Balancer.started(data, List.of(web1), Balancer.UNCHECKED, "https: " + https)) {
            assertThatThrownBy(() -> RawHttp.secure(https, choice)).isInstanceOf(UncheckedIOException.class);
            assertThat(balancer.get("/").text()).isEqualTo("web1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "auto"})
    void the_name_asked_for_chooses_the_certificate(String engine) throws Exception {
        KeyMaterial first = issue("first", "a.test");
        KeyMaterial second = issue("second", "*.b.test");
        try (Balancer balancer = Balancer.started(
                data,
                List.of(web1),
                Balancer.UNCHECKED,
                "https: " + https,
                "tls-engine: " + engine,
                "certificates: [" + certificate("first") + ", " + certificate("second") + "]")) {
            TlsChoice choice = trusting(keys.resolve("ca.pem"));
            try (RawHttp a = RawHttp.secure(https, choice.withServerName("a.test"));
                    RawHttp b = RawHttp.secure(
                            https, trusting(keys.resolve("ca.pem")).withServerName("x.b.test"));
                    RawHttp nameless = RawHttp.secure(https, choice);
                    RawHttp stranger = RawHttp.secure(https, choice.withServerName("c.test"))) {
                assertThat(shown(a)).isEqualTo(first.leaf());
                assertThat(shown(b)).isEqualTo(second.leaf());
                assertThat(shown(nameless)).isEqualTo(first.leaf());
                assertThat(shown(stranger)).isEqualTo(first.leaf());
                assertThat(Balancer.get(b, "/").status()).isEqualTo(200);
                assertThat(balancer.log.await(1).get(0).get("scheme")).isEqualTo("https");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "auto"})
    void a_certificate_renewed_in_place_is_shown_after_a_reload(String engine) throws Exception {
        KeyMaterial old = issue("live", "a.test");
        KeyMaterial renewed = issue("renewed", "a.test");
        String[] yaml = {
            Balancer.UNCHECKED,
            "https: " + https,
            "tls-engine: " + engine,
            "certificates: [" + certificate("live") + "]"
        };
        try (Balancer balancer = Balancer.started(data, List.of(web1), yaml)) {
            TlsChoice choice = trusting(keys.resolve("ca.pem")).withServerName("a.test");
            try (RawHttp before = RawHttp.secure(https, choice)) {
                assertThat(shown(before)).isEqualTo(old.leaf());
                Files.move(keys.resolve("renewed.pem"), keys.resolve("live.pem"), StandardCopyOption.REPLACE_EXISTING);
                balancer.reload(List.of(web1), yaml);
                try (RawHttp after = RawHttp.secure(https, choice)) {
                    assertThat(shown(after)).isEqualTo(renewed.leaf());
                    assertThat(Balancer.get(after, "/").status()).isEqualTo(200);
                }
                assertThat(Balancer.get(before, "/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void a_reload_with_a_broken_certificate_is_refused_and_names_the_file() throws Exception {
        KeyMaterial old = issue("live", "a.test");
        String[] yaml = {Balancer.UNCHECKED, "https: " + https, "certificates: [" + certificate("live") + "]"};
        try (Balancer balancer = Balancer.started(data, List.of(web1), yaml)) {
            Files.writeString(keys.resolve("live.pem"), "rubbish");
            assertThatThrownBy(() -> balancer.reload(List.of(web1), yaml))
                    .isInstanceOf(ChangeRefused.class)
                    .hasMessageContaining("live.pem");
            try (RawHttp client = RawHttp.secure(https, TlsChoice.plain())) {
                assertThat(shown(client)).isEqualTo(old.leaf());
            }
        }
    }
}
