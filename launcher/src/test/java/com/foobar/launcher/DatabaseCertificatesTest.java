package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.config.Reading;
import com.foobar.kernel.tls.DevelopmentAuthority;
import com.foobar.kernel.tls.KeyMaterial;
import com.foobar.kernel.tls.ServerNames;
import com.foobar.launcher.topology.Read;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files as each machine of a topology sees them. */
class DatabaseCertificatesTest {
    private static final Instant NOW = Instant.now();

    @TempDir
    Path folder;

    private Path authority;
    private Path own;

    @BeforeEach
    void certificateOfDb1() throws Exception {
        DevelopmentAuthority issuer = DevelopmentAuthority.open(folder, Clock.systemUTC());
        KeyMaterial unused = issuer.leaf("db1", ServerNames.of(List.of(), List.of(InetAddress.getByName("10.0.0.31"))));
        authority = issuer.certificateFile();
        own = folder.resolve("db1.pem");
    }

    @Test
    void goodOnesAreGood() throws Exception {
        assertThat(said("db1", own, authority, NOW)).isEqualTo("true ");
    }

    @Test
    void aMachineThatTheOthersCallByAnotherAddressIsRefused() throws Exception {
        assertThat(said("db2", own, authority, NOW))
                .startsWith("false t.yaml:8: database-cluster.tls.certificate: " + own + ": the certificate is for")
                .contains("the other machines call this one 10.0.0.32. To do: ");
    }

    @Test
    void anApplicationServerIsNotCalledButShowsOne() throws Exception {
        assertThat(said("app", own, authority, NOW)).isEqualTo("true ");
        assertThat(said("app", folder.resolve("none.pem"), authority, NOW))
                .contains(
                        "database-cluster.tls.certificate: " + folder.resolve("none.pem") + ": there is no such file");
    }

    @Test
    void aMachineThatHasNothingToDoWithTheDatabaseNeedsNone() throws Exception {
        assertThat(said("web", folder.resolve("none.pem"), authority, NOW)).isEqualTo("true ");
    }

    @Test
    void theKeyAtFaultIsNamed() throws Exception {
        Path none = folder.resolve("none.pem");
        assertThat(said("db1", own, none, NOW))
                .startsWith(
                        "false t.yaml:10: database-cluster.tls.authority: " + none + ": there is no such file. To do:");
    }

    @Test
    void whatExpiresSoonIsAWarningAndWhatHasExpiredARefusal() throws Exception {
        assertThat(said("db1", own, authority, NOW.plus(Duration.ofDays(80))))
                .startsWith("true warning: " + own + ": the certificate expires in ");
        assertThat(said("db1", own, authority, NOW.plus(Duration.ofDays(100))))
                .startsWith("false ")
                .contains(own + ": the certificate of CN=10.0.0.31", "expired at", "To do: have a new one signed");
    }

    private static String said(String server, Path certificate, Path authority, Instant now) throws Exception {
        Reading<Topology> reading = Read.reading(
                """
                servers:
                  lb: { address: 10.0.0.10, roles: [lb] }
                  web: { address: 10.0.0.11, roles: [webserver] }
                  app: { address: 10.0.0.12, roles: [appserver] }
                  db1: { address: 10.0.0.31, roles: [database-cluster] }
                  db2: { address: 10.0.0.32, roles: [database-cluster] }
                database-cluster: { witness: lb, tls: {
                    certificate: %s,
                    key: %s,
                    authority: %s } }
                """
                        .formatted(certificate, certificate, authority));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean good = DatabaseCertificates.areGood(
                reading,
                Selection.of(reading.value().orElseThrow(), server, Set.of()),
                now,
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return good + " " + out.toString(StandardCharsets.UTF_8);
    }
}
