package com.foobar.database.embedded;

import com.foobar.database.storage.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes out as SQL what only data that was set aside holds, for a person to look at: nothing is done with it here. */
public final class Export {

    private static final Logger LOG = LoggerFactory.getLogger(Export.class);
    private static final Duration DEADLINE = Duration.ofMinutes(10);
    private static final String FILE = "extra-transactions.sql";

    private Export() {}

    /**
     * Never fails: what cannot be exported is still in the binary logs beside it.
     *
     * @param known what the others have, as their binary log's state
     * @return what was done, in words
     */
    public static String ofExtras(Engine engine, Path aside, String known) throws InterruptedException {
        try {
            List<Path> logs = binaryLogs(aside);
            Optional<Path> tool = tool(engine);
            if (logs.isEmpty() || tool.isEmpty()) {
                return "the old data is kept in " + aside + "; its extra transactions are in its "
                        + (logs.isEmpty() ? "tables only" : logs.size() + " binary logs")
                        + (tool.isEmpty() ? ", for there is no mariadb-binlog beside " + engine.server() : "");
            }
            Path file = aside.resolve(FILE);
            // Newer tools begin behind a position; older ones know none such, and then all that is still logged is
            // written.
            BoundedRun.Result result = export(tool.get(), logs, Optional.of(known), file);
            if (result.exit() != 0) {
                result = export(tool.get(), logs, Optional.empty(), file);
            }
            return result.exit() == 0
                    ? "the old data is kept in " + aside + " and its extra transactions are in " + file
                    : "the old data is kept in " + aside + "; mariadb-binlog could not write its transactions (exit "
                            + result.exit() + ", see " + file + ")";
        } catch (IOException e) {
            LOG.warn("The transactions in {} could not be exported: {}", aside, e.toString());
            return "the old data is kept in " + aside + "; its transactions could not be exported: " + e;
        }
    }

    private static BoundedRun.Result export(Path tool, List<Path> logs, Optional<String> after, Path file)
            throws IOException, InterruptedException {
        Files.deleteIfExists(file);
        // Made first, by us: rows of tables are nobody else's to read.
        DurableFile.write(file, "");
        List<String> command = new ArrayList<>(List.of(tool.toString(), "--no-defaults", "--verbose"));
        after.ifPresent(position -> command.add("--start-position=" + position));
        logs.forEach(log -> command.add(log.toString()));
        return BoundedRun.run(
                command, ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()), file, DEADLINE);
    }

    private static List<Path> binaryLogs(Path aside) throws IOException {
        List<Path> logs = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(aside, "binlog.[0-9]*")) {
            files.forEach(file -> {
                if (file.getFileName().toString().matches("binlog\\.[0-9]+")) {
                    logs.add(file);
                }
            });
        }
        logs.sort(null);
        return logs;
    }

    private static Optional<Path> tool(Engine engine) {
        return Stream.of("../../bin", "..")
                .map(engine.server()::resolve)
                .flatMap(folder -> Stream.of("mariadb-binlog", "mysqlbinlog").map(folder::resolve))
                .map(Path::normalize)
                .filter(Files::isExecutable)
                .findFirst();
    }
}
