package com.foobar.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.launcher.Exit;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of {@code database-cluster.tls} that cannot be used: said by check, and by a run before it touches anything. */
class UnusableCertificateTest {
    private static final String TLS =
            "database-cluster: { tls: { certificate: none.pem, key: none.key, authority: ca.pem } }\n";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Path alone;
    private Path several;

    @BeforeEach
    void write() throws Exception {
        alone = Files.writeString(
                folder.resolve("alone.yaml"),
                "servers: { a: { address: 127.0.0.1, roles: [lb, webserver, appserver, database-cluster] } }\n" + TLS);
        several = Files.writeString(
                folder.resolve("several.yaml"),
                """
                servers:
                  a: { address: 127.0.0.1, roles: [lb] }
                  b: { address: 127.0.0.2, roles: [webserver, appserver, database-cluster] }
                """
                        + TLS);
    }

    @Test
    void checkRefusesThemWithKeyFileAndCure() {
        assertThat(type("check", "--conf", alone.toString())).isEqualTo(Exit.USAGE);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains(
                        alone + ":2: database-cluster.tls.certificate: "
                                + Path.of("none.pem").toAbsolutePath(),
                        "there is no such file. To do: correct the path, or create it");
    }

    @Test
    void aRunRefusesThemAndHasMadeNothing() {
        Path data = folder.resolve("data");
        assertThat(type("run", "--conf", alone.toString(), "--data", data.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("database-cluster.tls.certificate", "To do:");
        assertThat(data).doesNotExist();
    }

    @Test
    void ofSeveralServersCheckLooksAtTheOneNamed() {
        assertThat(type("check", "--conf", several.toString())).isEqualTo(Exit.GOOD);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("with --server NAME, on each machine");
        assertThat(type("check", "--conf", several.toString(), "--server", "a")).isEqualTo(Exit.GOOD);
        assertThat(type("check", "--conf", several.toString(), "--server", "b")).isEqualTo(Exit.USAGE);
    }

    private int type(String... words) {
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        return CommandLineFace.execute(Map.of(), false, out, out, words);
    }
}
