package com.foobar.database.keeper;

import com.foobar.database.model.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** PURE. Which of a node's binary logs may go. */
final class LogAge {

    private LogAge() {}

    /**
     * One binary log.
     *
     * @param before everything that was logged before it, which is written at its beginning
     * @param ended when the last was written into it
     */
    record BinaryLog(String name, Position before, Instant ended) {}

    /**
     * What is known beside the logs.
     *
     * @param applied what all nodes that answer have
     * @param complete whether these are all nodes there are
     * @param isShort the disk has little room left
     */
    record Surroundings(Position applied, boolean complete, boolean isShort, Instant now, Duration keep) {}

    /**
     * The first log that stays; nothing where all do. With room, all logs stay for as long as a node is away, however long: they cost less
     * than a copy of everything. On a disk that is nearly full the primary's next write counts for more, and whoever comes back to find
     * its logs gone is provisioned anew; and what is kept only for backups goes before it is old.
     *
     * @param logs from the oldest to the one that is written to
     */
    static Optional<String> firstToStay(List<BinaryLog> logs, Surroundings now) {
        if (!now.complete() && !now.isShort()) {
            return Optional.empty();
        }
        Instant oldest = now.now().minus(now.keep());
        String stays = "";
        for (int i = 0; i + 1 < logs.size(); i++) {
            boolean everybodyHasIt = now.applied().covers(logs.get(i + 1).before());
            boolean old = logs.get(i).ended().isBefore(oldest);
            if (!everybodyHasIt || !(old || now.isShort())) {
                break;
            }
            stays = logs.get(i + 1).name();
        }
        return stays.isEmpty() ? Optional.empty() : Optional.of(stays);
    }
}
