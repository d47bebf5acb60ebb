package com.foobar.database.keeper;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a server is run that is not ours. Its option file must say what ours say: read-only, no replication at start, semi-synchronous as a
 * replica. Its service manager must not start it again by itself.
 *
 * @param start the command that starts it; empty where only its operator does
 * @param stop the command that ends it in order; empty for SIGTERM
 * @param kill the command that kills it; empty for SIGKILL by the process number, for which this program needs the right
 * @param pid the file in which the server writes its process number
 * @param tail a file that the server's own option file includes, where this program writes what a start does with an unfinished tail;
 *     nothing means that no tail can be cut off, and that a diverged node is for its operator to mend
 * @param patience how long start and recovery may take
 */
public record Service(
        List<String> start, List<String> stop, List<String> kill, Path pid, Optional<Path> tail, Duration patience) {

    public Service {
        start = List.copyOf(start);
        stop = List.copyOf(stop);
        kill = List.copyOf(kill);
    }
}
