package com.foobar.launcher.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.TlsSettings;
import com.foobar.kernel.config.Reading;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All three keys or none. */
class DatabaseTlsTest {
    private static final String WHOLE = tls("certificate: /t/c.pem, key: /t/k.pem, authority: /t/a.pem");

    private static String tls(String keys) {
        return Read.ALONE + "\ndatabase-cluster: { tls: { " + keys + " } }";
    }

    @Test
    void withoutTheSectionThereIsNoTls() {
        assertThat(Read.topology(Read.ALONE).databaseCluster().tls()).isEmpty();
    }

    @Test
    void pathsAreThoseOfTheWorkingDirectoryWhoeverReadsThem() {
        Topology topology = Read.topology(tls("certificate: t/c.pem, key: t/../k.pem, authority: /t/a.pem"));
        assertThat(topology.databaseCluster().tls())
                .contains(new TlsSettings(
                        Path.of("t/c.pem").toAbsolutePath(), Path.of("k.pem").toAbsolutePath(), Path.of("/t/a.pem")));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        "no key",
                        "certificate: /c, authority: /a",
                        "t.yaml:2: database-cluster.tls.key: missing, expected a path"),
                Arguments.of("no certificate", "key: /k, authority: /a", "database-cluster.tls.certificate: missing"),
                Arguments.of("no authority", "certificate: /c, key: /k", "database-cluster.tls.authority: missing"),
                Arguments.of("none of them", "", "database-cluster.tls.authority: missing"),
                Arguments.of(
                        "a misspelt key",
                        "certificate: /c, key: /k, autority: /a",
                        "database-cluster.tls.autority: unknown key, did you mean"),
                Arguments.of(
                        "a quote in a path",
                        "certificate: /c, key: /k, authority: \"/a'b\"",
                        "t.yaml:2: database-cluster.tls.authority: given \"/a'b\", expected a path without quotes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String name, String keys, String line) {
        Reading<Topology> reading = Read.reading(tls(keys));

        assertThat(reading.value()).isEmpty();
        assertThat(Read.lines(reading.errors()))
                .anySatisfy(one -> assertThat(one).contains(line));
    }

    @Test
    void aReloadCannotTurnItOnOrOff() throws Exception {
        Topology without = Read.topology(Read.ALONE);
        Topology with = Read.topology(WHOLE);
        assertThat(Restart.neededFor(without, with, Selection.of(without, "", Set.of())))
                .anySatisfy(line -> assertThat(line).startsWith("database-cluster.tls: "));
        assertThat(Restart.neededFor(with, with, Selection.of(with, "", Set.of())))
                .isEmpty();
    }
}
