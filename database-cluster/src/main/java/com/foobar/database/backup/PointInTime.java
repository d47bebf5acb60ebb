package com.foobar.database.backup;

import com.foobar.kernel.lifecycle.StartFailure;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Where a restore goes on to, past its backup.
 *
 * @param transaction the last one that is wanted
 * @param before or: no transaction that was committed then or later
 * @param logs the folder of a node that has the binary logs
 */
public record PointInTime(Optional<String> transaction, Optional<Instant> before, Path logs) {

    /** Refuses a text that is neither a GTID nor a time. */
    public static PointInTime parse(String text, Path logs) throws StartFailure {
        if (Gtid.parse(text).isPresent()) {
            return new PointInTime(Optional.of(text), Optional.empty(), logs);
        }
        try {
            return new PointInTime(Optional.empty(), Optional.of(Instant.parse(text)), logs);
        } catch (DateTimeParseException e) {
            throw new StartFailure(
                    "'" + text + "' is neither a transaction nor a time",
                    "name the last transaction that is wanted, such as 0-1-73, or a time in UTC, such as 2026-11-21T13:40:00Z",
                    e);
        }
    }
}
