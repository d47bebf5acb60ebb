package com.foobar.database;

import com.foobar.database.keeper.Service;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The {@code database-cluster.service} section: how an operator's own server is run, read with {@code engine: external} only. */
public record ServiceSettings(
        @Doc("The command that starts it, one word an entry; empty: its operator starts it.") List<String> start,
        @Doc("The command that ends it in order; empty: SIGTERM.") List<String> stop,
        @Doc("The command that kills it at once; empty: SIGKILL by its process number, which takes the right to do so.")
                List<String> kill,
        @Doc("The file in which it keeps its process number.") @Default("/run/mysqld/mysqld.pid") Path pidFile,
        @Doc(
                        "A file that its option file includes, written before each start; without it no unacknowledged tail can be cut off.")
                Optional<Path> includedFile,
        @Doc("How long its start may take, recovery after a crash included.") @Default("60s") Duration patience) {

    Service service() {
        return new Service(start, stop, kill, pidFile, includedFile, patience);
    }
}
