package com.foobar.database.embedded;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server whose parent was killed. It is ended, never adopted: nobody has fenced it meanwhile, so that it may have been deposed without
 * knowing; and it is not our child, so that its end would not be noticed. SIGKILL is what fencing does, too, and its data recovers.
 */
final class Orphan {

    private static final Duration DEATH = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(2);
    private static final Logger LOG = LoggerFactory.getLogger(Orphan.class);

    private Orphan() {}

    /** A server runs on the folder; the caller holds the folder's lock. */
    static boolean lives(NodeFolder folder) throws IOException {
        Optional<ProcessMark> mark = ProcessMark.read(folder.mark());
        return mark.isPresent() && !left(mark.get(), folder).isEmpty();
    }

    /** Ends what an earlier start left behind, if anything; the caller holds the folder's lock. */
    static void end(NodeFolder folder, Time time) throws IOException, StartFailure, InterruptedException {
        Optional<ProcessMark> mark = ProcessMark.read(folder.mark());
        if (mark.isEmpty()) {
            return;
        }
        for (ProcessHandle process : left(mark.get(), folder)) {
            LOG.warn(
                    "Ending database server {} of {}: the program that started it was killed",
                    process.pid(),
                    folder.root());
            end(process, folder, time);
        }
        folder.removeSocket(mark.get().socket());
        Files.deleteIfExists(folder.mark());
    }

    private static List<ProcessHandle> left(ProcessMark mark, NodeFolder folder) {
        return mark.pid().isPresent()
                ? ProcessHandle.of(mark.pid().get())
                        .filter(process -> ProcessStamp.of(process)
                                .filter(mark.stamp()::equals)
                                .isPresent())
                        .stream()
                        .toList()
                : startedWith(folder.config());
    }

    private static void end(ProcessHandle process, NodeFolder folder, Time time)
            throws StartFailure, InterruptedException {
        boolean unused = process.destroyForcibly();
        long began = time.nanos();
        while (ProcessStamp.of(process).isPresent()) {
            if (time.nanos() - began > DEATH.toNanos()) {
                throw new StartFailure(
                        "the database server " + process.pid() + " of " + folder.root()
                                + ", left by an earlier start, lives " + DEATH.toSeconds() + " s after SIGKILL",
                        "the disk under it may hang; end it, or restart the machine");
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while an orphaned database server was being ended");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** Every server is started with an option file of its own, by which it is known to all who may see its arguments. */
    private static List<ProcessHandle> startedWith(Path config) {
        String argument = NodeProcess.argument(config);
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> List.of(arguments).contains(argument))
                        .isPresent())
                .toList();
    }
}
