package com.foobar.database.embedded;

import com.foobar.database.dialect.Sql;
import com.foobar.database.storage.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a node that was filled from a dump is told at its first start. A dump says where the last writer of all stood. What earlier
 * primaries wrote is in the data, too, and a node that cannot say so could never be promoted, nor followed by those that were filled alike.
 */
public final class HistorySeed {

    private HistorySeed() {}

    /**
     * Leaves it for the first start.
     *
     * @param history everything that is in the data, as {@code gtid_binlog_state} writes it
     */
    public static void write(NodeFolder folder, String history) throws IOException {
        if (!history.matches("[0-9,-]*")) {
            throw new IllegalArgumentException("positions such as 0-1-100,0-2-150, not " + history);
        }
        if (!history.isEmpty()) {
            // Guarded, because a crash may let it run twice.
            DurableFile.write(
                    file(folder),
                    "BEGIN NOT ATOMIC IF @@GLOBAL.gtid_binlog_state='' THEN SET GLOBAL gtid_binlog_state='" + history
                            + "'; END IF; END\n");
        }
    }

    /** To be run by the server itself, until {@link #planted}. */
    public static Optional<Sql> of(NodeFolder folder) throws IOException {
        return Files.exists(file(folder))
                ? Optional.of(Sql.of(Files.readString(file(folder)).strip()))
                : Optional.empty();
    }

    /** After a start that has run it. */
    public static void planted(NodeFolder folder) throws IOException {
        Files.deleteIfExists(file(folder));
    }

    private static Path file(NodeFolder folder) {
        return folder.root().resolve("seed.sql");
    }
}
