package com.foobar.database.storage;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * A folder that is there whole or not at all: filled under a temporary name, forced to the disk, renamed. Two processes that
 * want it at once make it once; what a killed one left is swept by the next.
 */
public final class Publication {

    private static final Duration LOOK = Duration.ofMillis(5);

    private Publication() {}

    /** Fills a new folder; may leave it half done by throwing. */
    @FunctionalInterface
    public interface Filling {
        void fill(Path folder) throws IOException, InterruptedException, StartFailure;
    }

    /**
     * The folder, made if it is not there.
     *
     * @param patience how long another process may take to make it
     */
    public static Path publish(Path target, Duration patience, Time time, Filling filling)
            throws IOException, InterruptedException, StartFailure {
        if (Files.isDirectory(target)) {
            return target;
        }
        Path parent = Objects.requireNonNull(target.toAbsolutePath().getParent(), "a folder has a parent");
        DurableFile.secretFolder(parent);
        try (Hold hold = hold(target.resolveSibling("." + target.getFileName() + ".lock"), patience, time)) {
            Objects.requireNonNull(hold);
            if (!Files.isDirectory(target)) {
                sweep(target, parent);
                make(target, parent, filling);
            }
        }
        return target;
    }

    private static Hold hold(Path lock, Duration patience, Time time) throws IOException {
        long began = time.nanos();
        while (true) {
            Optional<Hold> hold = Hold.attempt(lock);
            if (hold.isPresent()) {
                return hold.get();
            }
            if (time.nanos() - began > patience.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                throw new IOException("another process has held " + lock + " for longer than " + patience);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private static void make(Path target, Path parent, Filling filling)
            throws IOException, InterruptedException, StartFailure {
        Path temporary = DurableFile.secretFolder(parent.resolve(prefix(target) + UUID.randomUUID()));
        try {
            filling.fill(temporary);
            FolderSync.tree(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            FolderSync.folder(parent);
        } finally {
            // A full disk stays full while its victim lies around. After the rename there is nothing to delete.
            FolderSync.delete(temporary);
        }
    }

    /** Under the lock every temporary folder belongs to somebody dead. */
    private static void sweep(Path target, Path parent) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, prefix(target) + "*")) {
            for (Path folder : left) {
                FolderSync.delete(folder);
            }
        }
    }

    private static String prefix(Path target) {
        return "." + target.getFileName() + ".tmp-";
    }
}
