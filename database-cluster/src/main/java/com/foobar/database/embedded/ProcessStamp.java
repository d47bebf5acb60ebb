package com.foobar.database.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells a process from a later one with the same number: the boot of the machine and the tick at which it started. Not its start by the
 * wall clock: that is computed, and moves when the clock is set.
 */
public final class ProcessStamp {

    private static final Path PROC = Path.of("/proc");

    /** Counted behind the program's name, which may itself contain blanks and brackets. */
    private static final int STATE = 0;

    private static final int THREADS = 17;
    private static final int START_TICK = 19;

    private ProcessStamp() {}

    /** Nothing if it does not run: a zombie waits for its parent only, and holds no port and no file. */
    public static Optional<String> of(ProcessHandle process) {
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return process.isAlive() ? process.info().startInstant().map(Object::toString) : Optional.empty();
        }
        try {
            String stat = Files.readString(
                    PROC.resolve(Long.toString(process.pid())).resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            String boot =
                    Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
            // A dying process shows its first thread as a zombie while others still hold its locks and its port.
            boolean ended = fields[STATE].equals("Z") && Integer.parseInt(fields[THREADS]) <= 1;
            return ended ? Optional.empty() : Optional.of(boot + "/" + fields[START_TICK]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
