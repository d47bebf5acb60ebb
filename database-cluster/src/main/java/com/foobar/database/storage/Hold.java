package com.foobar.database.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A lock file held by one owner on this machine: against other processes by a file lock, which the operating system drops when
 * its holder dies in whatever way, and against this process by a list, because a file lock does not see its own process.
 */
public final class Hold implements AutoCloseable {

    /** Guarded by itself. Never a second channel on a held file: closing any of them drops the process's lock. */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private Hold(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The lock, or nothing if somebody else has it. The file stays for ever: removing it would let two hold it at once. */
    public static Optional<Hold> attempt(Path lockFile) throws IOException {
        Path file = lockFile.toAbsolutePath().normalize();
        synchronized (HELD) {
            if (HELD.contains(file)) {
                return Optional.empty();
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean held = false;
            try {
                held = channel.tryLock() != null;
            } finally {
                if (!held) {
                    channel.close();
                }
            }
            if (!held) {
                return Optional.empty();
            }
            HELD.add(file);
            return Optional.of(new Hold(file, channel));
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (channel.isOpen()) {
                channel.close();
                HELD.remove(file);
            }
        }
    }
}
