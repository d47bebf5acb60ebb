package com.foobar.kernel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.ExternalTool;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevelopmentAuthorityTest {

    private static final InstantSource NOW = Clock.systemUTC();

    @TempDir
    Path folder;

    @Test
    void opensslAcceptsAuthorityAndLeafInItsStrictestMode() throws Exception {
        ExternalTool openssl = ExternalTool.needed("openssl");
        DevelopmentAuthority authority = DevelopmentAuthority.open(folder, NOW);
        KeyMaterial leaf = authority.leaf("lb1", names("www.foobar.com", "*.foobar.com"));
        String ca = authority.certificateFile().toString();
        String file = folder.resolve("lb1.pem").toString();

        assertThat(openssl.run("verify", "-x509_strict", "-CAfile", ca, ca)).contains("OK");
        for (String purpose : List.of("sslserver", "sslclient")) {
            assertThat(openssl.run("verify", "-x509_strict", "-purpose", purpose, "-CAfile", ca, file))
                    .contains("OK");
        }
        openssl.run("verify", "-x509_strict", "-verify_hostname", "a.foobar.com", "-CAfile", ca, file);
        openssl.run("verify", "-x509_strict", "-verify_ip", "127.0.0.1", "-CAfile", ca, file);
        openssl.run("verify", "-x509_strict", "-verify_ip", "::1", "-CAfile", ca, file);
        assertThat(openssl.run("x509", "-noout", "-fingerprint", "-sha256", "-in", file))
                .as("our fingerprint is the one an operator sees")
                .contains(leaf.fingerprint().replaceAll("(..)(?!$)", "$1:"));
    }

    @Test
    void aLeafSpeaksForExactlyWhatWasAskedAndBeginsALittleInThePast() throws Exception {
        KeyMaterial leaf = DevelopmentAuthority.open(folder, NOW).leaf("lb1", names("WWW.foobar.com"));
        assertThat(leaf.dnsNames()).containsExactly("www.foobar.com");
        assertThat(leaf.addresses()).containsExactly("0:0:0:0:0:0:0:1", "127.0.0.1");
        assertThat(leaf.chain()).hasSize(2);
        assertThat(leaf.notBefore()).isBefore(NOW.instant().minus(Duration.ofMinutes(50)));
        assertThat(leaf.notAfter()).isBetween(daysFromNow(89), daysFromNow(91));
        assertThat(leaf.complaint(NOW.instant())).isEmpty();
        assertThat(leaf.complaint(daysFromNow(93)).orElseThrow()).contains("www.foobar.com", "expired", "renew");
        assertThat(leaf.complaint(daysFromNow(-1)).orElseThrow()).contains("not valid before", "clock");
    }

    @Test
    void keysAreTheOwnersOnlyAndNothingTemporaryStays() throws Exception {
        DevelopmentAuthority.open(folder, NOW).leaf("lb1", names("a.foobar.com"));
        for (String secret : List.of("ca.key", "lb1.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(secret))))
                    .as(secret)
                    .isEqualTo("rw-------");
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("ca.key", "ca.pem", "ca.lock", "lb1.pem");
        }
    }

    @Test
    void aSecondOpeningFindsTheSameAuthorityAndTheSameLeaf() throws Exception {
        DevelopmentAuthority first = DevelopmentAuthority.open(folder, NOW);
        KeyMaterial leaf = first.leaf("lb1", names("a.foobar.com"));
        DevelopmentAuthority second = DevelopmentAuthority.open(folder, NOW);
        assertThat(second.certificate()).isEqualTo(first.certificate());
        assertThat(second.leaf("lb1", names("a.foobar.com")).fingerprint()).isEqualTo(leaf.fingerprint());
    }

    @Test
    void aLeafIsIssuedAnewWhenItsNamesChangeOrAThirdOfItsLifeIsLeft() throws Exception {
        DevelopmentAuthority today = DevelopmentAuthority.open(folder, NOW);
        KeyMaterial leaf = today.leaf("lb1", names("a.foobar.com", "b.foobar.com"));
        assertThat(at(daysFromNow(59))
                        .leaf("lb1", names("b.foobar.com", "a.foobar.com"))
                        .fingerprint())
                .isEqualTo(leaf.fingerprint());
        KeyMaterial fewer = today.leaf("lb1", names("a.foobar.com"));
        assertThat(fewer.dnsNames()).containsExactly("a.foobar.com");
        KeyMaterial later = at(daysFromNow(61)).leaf("lb1", names("a.foobar.com"));
        assertThat(later.fingerprint()).isNotEqualTo(fewer.fingerprint());
        assertThat(later.leaf().getSerialNumber()).isNotEqualTo(fewer.leaf().getSerialNumber());
    }

    @Test
    void aLeafOfAnotherAuthorityIsIssuedAnewAndNoLeafOutlivesItsAuthority() throws Exception {
        KeyMaterial old = DevelopmentAuthority.open(folder, NOW).leaf("lb1", names("a.foobar.com"));
        Files.delete(folder.resolve("ca.pem"));
        Files.delete(folder.resolve("ca.key"));
        DevelopmentAuthority fresh = DevelopmentAuthority.open(folder, NOW);
        KeyMaterial leaf = fresh.leaf("lb1", names("a.foobar.com"));
        assertThat(leaf.fingerprint()).isNotEqualTo(old.fingerprint());

        Instant end = fresh.certificate().getNotAfter().toInstant();
        assertThat(end).isBetween(daysFromNow(3650), daysFromNow(3656));
        assertThat(at(end.minus(Duration.ofDays(1)))
                        .leaf("late", names("a.foobar.com"))
                        .notAfter())
                .isEqualTo(end);
        assertThatThrownBy(() -> at(end.plusSeconds(1)).leaf("later", names("a.foobar.com")))
                .hasMessageContaining("ca.pem")
                .hasMessageContaining("expired")
                .extracting(thrown -> ((TlsMaterialException) thrown).cure())
                .asString()
                .contains("delete both");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rubbish", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"})
    void damagedFilesAreAnErrorWithACureAndStayAsTheyAre(String damage) throws Exception {
        DevelopmentAuthority.open(folder, NOW);
        for (String file : List.of("ca.pem", "ca.key")) {
            Path path = folder.resolve(file);
            String good = Files.readString(path);
            Files.writeString(path, damage);
            assertThatThrownBy(() -> DevelopmentAuthority.open(folder, NOW))
                    .isInstanceOf(TlsMaterialException.class)
                    .hasMessageContaining(path.toString())
                    .extracting(thrown -> ((TlsMaterialException) thrown).cure())
                    .asString()
                    .contains("backup", "delete both");
            assertThat(path).hasContent(damage);
            Files.writeString(path, good);
        }
        DevelopmentAuthority.open(folder, NOW);
    }

    @Test
    void aMissingKeyIsAnErrorAndAMissingCopyOfTheCertificateIsNot() throws Exception {
        DevelopmentAuthority authority = DevelopmentAuthority.open(folder, NOW);
        Files.delete(folder.resolve("ca.pem"));
        assertThat(DevelopmentAuthority.open(folder, NOW).certificate()).isEqualTo(authority.certificate());
        Files.delete(folder.resolve("ca.key"));
        assertThatThrownBy(() -> DevelopmentAuthority.open(folder, NOW))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessageContaining("ca.key");
    }

    @Test
    void aKeyOfAnotherAuthorityIsRefused() throws Exception {
        Path other = folder.resolve("other");
        DevelopmentAuthority.open(folder, NOW);
        DevelopmentAuthority.open(other, NOW);
        Files.writeString(folder.resolve("ca.key"), Files.readString(other.resolve("ca.key")));
        assertThatThrownBy(() -> DevelopmentAuthority.open(folder, NOW)).hasMessageContaining("does not belong");
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> DevelopmentAuthority.open(file.resolve("tls"), NOW))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "*.*.foobar.com", "bücher.de", "-a.com", "a..b", "a.com.", "www.*.com"})
    void whatIsNotADnsNameNeverReachesACertificate(String name) {
        assertThatThrownBy(() -> names(name)).hasMessageContaining("'" + name + "' is not a DNS name");
    }

    @Test
    void processesThatStartTogetherEndWithOneAuthority() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OpenAuthority.class.getName(),
                            folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("process" + i + ".txt").toFile())
                    .start());
        }
        List<String> fingerprints = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            boolean ended = processes.get(i).waitFor(30, TimeUnit.SECONDS);
            processes.get(i).destroyForcibly();
            assertThat(ended).isTrue();
            fingerprints.add(Files.readString(folder.resolve("process" + i + ".txt")));
        }
        assertThat(fingerprints)
                .containsOnly(fingerprints.get(0))
                .first()
                .asString()
                .hasSize(64);
        DevelopmentAuthority.open(folder, NOW);
    }

    /** One of the processes that start together: says which authority its leaf came from. */
    static final class OpenAuthority {
        public static void main(String[] arguments) throws Exception {
            DevelopmentAuthority authority = DevelopmentAuthority.open(Path.of(arguments[0]), NOW);
            KeyMaterial leaf = authority.leaf("shared", names("a.foobar.com"));
            leaf.leaf().verify(authority.certificate().getPublicKey());
            System.out.print(leaf.fingerprint());
        }
    }

    private DevelopmentAuthority at(Instant instant) throws TlsMaterialException {
        return DevelopmentAuthority.open(folder, () -> instant);
    }

    private static Instant daysFromNow(int days) {
        return NOW.instant().plus(Duration.ofDays(days));
    }

    private static ServerNames names(String... dns) throws Exception {
        return ServerNames.of(List.of(dns), List.of(InetAddress.getByName("::1"), InetAddress.getByName("127.0.0.1")));
    }
}
