package com.foobar.kernel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MutualTlsTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final X500Principal ROOT = new X500Principal("CN=root");

    /** Place of the purposes in a leaf's extensions. */
    private static final int PURPOSES = 2;

    @TempDir
    Path folder;

    private DevelopmentAuthority authority;
    private Path leaf;

    @BeforeEach
    void issueOne() throws Exception {
        authority = DevelopmentAuthority.open(folder, Clock.systemUTC());
        KeyMaterial unused = authority.leaf("db1", names("db1.internal", "*.db.internal", "10.0.0.31"));
        leaf = folder.resolve("db1.pem");
    }

    private static ServerNames names(String... dns) throws Exception {
        return ServerNames.of(
                List.of(dns), List.of(InetAddress.getByName("10.0.0.31"), InetAddress.getByName("fd00::31")));
    }

    @Test
    void goodFilesAreTakenWhetherKeyAndCertificateAreOneFileOrTwo() throws Exception {
        MutualTls one = MutualTls.read(leaf, leaf, authority.certificateFile(), NOW);
        Path certificate = Files.writeString(
                folder.resolve("certificate.pem"),
                Pem.text("CERTIFICATE", one.own().leaf().getEncoded()));
        Path key = Files.writeString(
                folder.resolve("key.pem"),
                Pem.text("PRIVATE KEY", one.own().privateKey().getEncoded()));

        MutualTls two = MutualTls.read(certificate, key, authority.certificateFile(), NOW);

        assertThat(two.own().fingerprint()).isEqualTo(one.own().fingerprint());
        assertThat(two.context().getProtocol()).isEqualTo("TLS");
        assertThat(two.warning(NOW)).isEmpty();
        assertThat(two.warning(NOW.plus(Duration.ofDays(70)))).hasValueSatisfying(said -> assertThat(said)
                .contains(certificate.toString(), "expires in ", "restart the machines one after the other"));
    }

    /** While one authority replaces the other both are believed. */
    @Test
    void anAuthorityFileMayHoldTheNextOneToo() throws Exception {
        Path next = DevelopmentAuthority.open(folder.resolve("next"), Clock.systemUTC())
                .certificateFile();
        Path both = Files.writeString(
                folder.resolve("both.pem"), Files.readString(next) + Files.readString(authority.certificateFile()));
        assertThat(MutualTls.read(leaf, leaf, both, NOW).own().dnsNames()).contains("db1.internal");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    10.0.0.31       | true
                    db1.internal    | true
                    DB1.internal    | true
                    x.db.internal   | true
                    x.y.db.internal | false
                    db2.internal    | false
                    10.0.0.32       | false
                    """)
    void speaksForTheNamesAndAddressesOfItsCertificate(String host, boolean good) throws Exception {
        MutualTls tls = MutualTls.read(leaf, leaf, authority.certificateFile(), NOW);
        TlsMaterialException refusal =
                catchThrowableOfType(TlsMaterialException.class, () -> tls.requireSpeaksFor(host));
        if (good) {
            assertThat(refusal).isNull();
        } else {
            assertThat(refusal)
                    .hasMessageStartingWith(leaf + ": the certificate is for ")
                    .hasMessageEndingWith("the other machines call this one " + host);
            assertThat(refusal.cure()).contains((host.contains("10.") ? "IP:" + host + "," : "") + "DNS:" + host);
        }
    }

    /** What replicas with wolfSSL look at was tried: a DNS name, or the common name where there is no DNS name. */
    @Test
    void anAddressIsSpelledAsANameToo() throws Exception {
        Path ca = authority.certificateFile();
        MutualTls named = MutualTls.read(leaf, leaf, ca, NOW);
        assertThat(catchThrowableOfType(TlsMaterialException.class, () -> named.requireSpeaksFor("fd00::31")))
                .hasMessageContaining("as an address only")
                .extracting(TlsMaterialException::cure)
                .asString()
                .endsWith("subjectAltName=IP:fd00::31,DNS:fd00::31");
        KeyMaterial unused =
                authority.leaf("bare", ServerNames.of(List.of(), List.of(InetAddress.getByName("10.0.0.31"))));
        Path bare = folder.resolve("bare.pem");
        MutualTls.read(bare, bare, ca, NOW).requireSpeaksFor("10.0.0.31");
    }

    @Test
    void whatIsMissingOrOfAnotherIsNamedWithItsFile() throws Exception {
        Path ca = authority.certificateFile();
        Path none = folder.resolve("none.pem");
        KeyMaterial unused = authority.leaf("db2", names("db2.internal"));
        Path other = folder.resolve("db2.pem");
        Path stranger = DevelopmentAuthority.open(folder.resolve("stranger"), Clock.systemUTC())
                .certificateFile();

        refused(none, leaf, ca, NOW, none, "there is no such file", "correct the path");
        refused(leaf, none, ca, NOW, none, "there is no such file", "correct the path");
        refused(leaf, leaf, none, NOW, none, "there is no such file", "correct the path");
        refused(leaf, other, ca, NOW, other, "the private key does not belong to the certificate", "use the key");
        refused(leaf, leaf, stranger, NOW, leaf, "is not signed by the authority in " + stranger, "have it signed");
        refused(leaf, leaf, other, NOW, other, "is no authority", "name the certificate that signed");
    }

    @Test
    void datesAreJudged() throws Exception {
        Path ca = authority.certificateFile();
        Instant late = NOW.plus(Duration.ofDays(91));
        refused(leaf, leaf, ca, late, leaf, "expired at", "have a new one signed");
        refused(leaf, leaf, ca, NOW.minus(Duration.ofDays(1)), leaf, "is not valid before", "have a new one");
        Chain old = chain(List.of(), NOW.minusSeconds(60));
        refused(old.leaf(), old.leaf(), old.root(), NOW, old.root(), "and now is " + NOW, "make a new authority");
    }

    @Test
    void aCertificateForOneEndOnlyIsRefused() throws Exception {
        byte[] serverOnly = Der.sequence(Der.oid("2.5.29.37"), Der.octets(Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))));
        Chain server = chain(List.of(serverOnly), NOW.plusSeconds(3600));
        refused(
                server.leaf(),
                server.leaf(),
                server.root(),
                NOW,
                server.leaf(),
                "is not for both ends of a connection",
                "serverAuth,clientAuth");
        Chain unlimited = chain(List.of(), NOW.plusSeconds(3600));
        assertThat(MutualTls.read(unlimited.leaf(), unlimited.leaf(), unlimited.root(), NOW)
                        .own()
                        .dnsNames())
                .containsExactly("db9");
    }

    @Test
    void aKeyThatADatabaseServerCannotReadIsRefused() throws Exception {
        Chain modern = chain("Ed25519", List.of(), NOW.plusSeconds(3600));
        refused(modern.leaf(), modern.leaf(), modern.root(), NOW, modern.leaf(), "of the kind EdDSA", "EC or RSA");
        Chain old = chain("RSA", List.of(), NOW.plusSeconds(3600));
        assertThat(MutualTls.read(old.leaf(), old.leaf(), old.root(), NOW)
                        .own()
                        .leaf()
                        .getPublicKey()
                        .getAlgorithm())
                .isEqualTo("RSA");
    }

    private static void refused(
            Path certificate, Path key, Path authority, Instant now, Path file, String problem, String cure) {
        TlsMaterialException refusal = catchThrowableOfType(
                TlsMaterialException.class, () -> MutualTls.read(certificate, key, authority, now));
        assertThat(refusal).as(problem).isNotNull();
        assertThat(refusal.file()).isEqualTo(file);
        assertThat(refusal.problem()).contains(problem);
        assertThat(refusal.cure()).contains(cure);
    }

    private record Chain(Path leaf, Path root) {}

    /** A leaf that is valid for an hour, of an authority that ends when it is told to; with these purposes, or none given. */
    private Chain chain(List<byte[]> purposes, Instant rootEnd) throws Exception {
        return chain("EC", purposes, rootEnd);
    }

    private Chain chain(String algorithm, List<byte[]> purposes, Instant rootEnd) throws Exception {
        KeyPair rootKey = KeyPairGenerator.getInstance("EC").generateKeyPair();
        KeyPair key = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        List<byte[]> extensions = new ArrayList<>(CertificateTemplate.leafExtensions(
                key.getPublic(), rootKey.getPublic(), ServerNames.of(List.of("db9"), List.of())));
        extensions.remove(PURPOSES);
        extensions.addAll(purposes);
        Instant begin = NOW.minusSeconds(3600);
        byte[] root = new CertificateTemplate(
                        ROOT,
                        ROOT,
                        rootKey.getPublic(),
                        BigInteger.ONE,
                        begin,
                        rootEnd,
                        CertificateTemplate.authorityExtensions(rootKey.getPublic()))
                .sign(rootKey.getPrivate());
        byte[] own = new CertificateTemplate(
                        ROOT,
                        new X500Principal("CN=db9"),
                        key.getPublic(),
                        BigInteger.TWO,
                        begin,
                        NOW.plusSeconds(3600),
                        extensions)
                .sign(rootKey.getPrivate());
        Path file = folder.resolve("db9.pem");
        Files.writeString(
                file,
                Pem.text("CERTIFICATE", own)
                        + Pem.text("PRIVATE KEY", key.getPrivate().getEncoded()));
        return new Chain(file, Files.writeString(folder.resolve("root.pem"), Pem.text("CERTIFICATE", root)));
    }

    @Test
    void aTrustStoreHoldsTheAuthoritiesAndBelongsToItsOwner() throws Exception {
        Path file = folder.resolve("authority.jks");
        TrustStore.of(leaf, file);
        TrustStore store = TrustStore.of(authority.certificateFile(), file);
        KeyStore read = KeyStore.getInstance(store.format());
        try (InputStream in = Files.newInputStream(file)) {
            read.load(in, store.password().reveal().toCharArray());
        }
        assertThat(read.size()).isEqualTo(1);
        assertThat(read.getCertificate("authority0")).isEqualTo(authority.certificate());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(store.url()).startsWith("file:/").endsWith("/authority.jks");
        assertThat(store.authority()).isEqualTo(authority.certificateFile());
        assertThatThrownBy(() -> TrustStore.of(folder.resolve("none.pem"), file))
                .isInstanceOf(TlsMaterialException.class);
    }
}
