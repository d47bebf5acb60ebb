package com.foobar.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a stand-in for the tool, which the bundled server comes without. */
class ExportTest {

    @TempDir
    Path folder;

    private Engine engine() {
        return new Engine(
                new EngineVersion("MariaDB", 11, 4, 5),
                folder.resolve("bin/mariadbd"),
                folder,
                folder,
                folder,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private void tool(String script) throws Exception {
        Path tool = Files.createDirectories(folder.resolve("bin")).resolve("mariadb-binlog");
        Files.writeString(tool, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    }

    private Path aside() throws Exception {
        Path aside = Files.createDirectories(folder.resolve("aside"));
        Files.writeString(aside.resolve("binlog.000002"), "");
        Files.writeString(aside.resolve("binlog.000001"), "");
        Files.writeString(aside.resolve("binlog.000001.idx"), "");
        Files.writeString(aside.resolve("binlog.index"), "");
        return aside;
    }

    @Test
    void whatTheOthersLackIsWrittenFromAllLogsInOrder() throws Exception {
        tool("echo \"$@\"");
        Path aside = aside();
        assertThat(Export.ofExtras(engine(), aside, "0-1-5,0-2-9")).contains("its extra transactions are in");
        assertThat(Files.readString(aside.resolve("extra-transactions.sql")))
                .isEqualTo("--no-defaults --verbose --start-position=0-1-5,0-2-9 " + aside + "/binlog.000001 " + aside
                        + "/binlog.000002\n");
    }

    @Test
    void anOlderToolWritesAllThatIsLogged() throws Exception {
        tool("case \"$3\" in --start-position*) echo unknown option; exit 1;; esac; echo all");
        Path aside = aside();
        assertThat(Export.ofExtras(engine(), aside, "0-1-5")).contains("its extra transactions are in");
        assertThat(Files.readString(aside.resolve("extra-transactions.sql"))).isEqualTo("all\n");
    }

    @Test
    void withoutTheToolTheLogsAreKeptAndThatIsSaid() throws Exception {
        Path aside = aside();
        assertThat(Export.ofExtras(engine(), aside, "0-1-5"))
                .contains("kept in " + aside)
                .contains("2 binary logs")
                .contains("no mariadb-binlog");
        tool("exit 3");
        assertThat(Export.ofExtras(engine(), aside, "0-1-5")).contains("exit 3");
    }
}
