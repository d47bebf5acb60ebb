package com.foobar.database.embedded;

import com.foobar.database.storage.Publication;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The data directory that every node begins as a copy of: system tables, an empty history, and <em>no account that can log in</em>. What
 * is in it is the same for every cluster on this machine; a cluster's accounts come with each node's start.
 */
final class BootstrapTemplate {

    /** Bumped when what is in the template changes. */
    private static final int CONTENT = 1;

    private static final Duration BOOTSTRAP = Duration.ofMinutes(2);
    private static final Duration OTHER_PROCESS = BOOTSTRAP.plusMinutes(1);

    private static final String DATA = "data";

    private BootstrapTemplate() {}

    /** The data to copy; bootstrapped if this version of the engine has none in the cache. */
    static Path data(Engine engine, Path cache, boolean root, Time time) throws StartFailure, InterruptedException {
        String key = "template-" + engine.version().toString().replace(' ', '-') + "-" + CONTENT;
        try {
            return Publication.publish(
                            cache.resolve(key), OTHER_PROCESS, time, folder -> bootstrap(engine, folder, root))
                    .resolve(DATA);
        } catch (IOException e) {
            throw StorageFailure.of("the database template cannot be made in " + cache, e);
        }
    }

    private static void bootstrap(Engine engine, Path folder, boolean root)
            throws IOException, InterruptedException, StartFailure {
        Path data = Files.createDirectory(folder.resolve(DATA));
        Path sql = folder.resolve("bootstrap.sql");
        Path output = folder.resolve("output.txt");
        writeSql(engine, sql);
        BoundedRun.Result result = BoundedRun.run(
                command(engine, data, root), ProcessBuilder.Redirect.from(sql.toFile()), output, BOOTSTRAP);
        if (result.exit() != 0 || result.output().contains("[ERROR]") || !Files.isDirectory(data.resolve("mysql"))) {
            throw LogDiagnosis.of(result.output())
                    .failure("the database template cannot be bootstrapped with " + engine.server() + " (exit "
                            + result.exit() + ")");
        }
        // Made anew by every server; in a copy they would only cost.
        for (Path file : List.of(sql, output, data.resolve("ib_buffer_pool"), data.resolve("ibtmp1"))) {
            Files.deleteIfExists(file);
        }
    }

    private static void writeSql(Engine engine, Path sql) throws IOException {
        StringBuilder text = new StringBuilder("CREATE DATABASE mysql;\nUSE mysql;\n");
        for (Path file : engine.bootstrap()) {
            text.append(Files.readString(file)).append('\n');
        }
        Files.writeString(sql, text);
    }

    private static List<String> command(Engine engine, Path data, boolean root) {
        List<String> command = new ArrayList<>(List.of(
                engine.server().toString(),
                "--no-defaults",
                "--bootstrap",
                "--basedir=" + engine.base(),
                "--datadir=" + data,
                "--lc-messages-dir=" + engine.messages(),
                "--character-sets-dir=" + engine.charsets(),
                "--skip-log-bin",
                "--skip-ssl",
                "--innodb-buffer-pool-size=16M",
                // The smallest: every node's copy is forced to the disk; its server makes it as large as configured
                // without writing.
                "--innodb-log-file-size=4M",
                "--innodb-log-buffer-size=2M",
                "--aria-pagecache-buffer-size=1M",
                // The whole folder is forced to the disk before it gets its name; until then nobody uses it.
                "--innodb-flush-method=nosync",
                "--loose-debug-no-sync=1"));
        command.addAll(NodeConfig.arguments(NodeConfig.TABLESPACE));
        if (root) {
            command.add("--user=root");
        }
        return command;
    }
}
