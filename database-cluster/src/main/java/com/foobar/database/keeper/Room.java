package com.foobar.database.keeper;

import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Whether the disk of a node's data can take more. A server whose disk is full answers as if nothing were, and lets every commit wait
 * until somebody has made room. For one thread.
 */
final class Room {

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Enough to hand over in order, and for the notes of keepers, which obey nothing that they cannot note. */
    private static final long LEAST = 8L << 20;

    private final Path place;
    private final Time time;
    private long lookedAt;
    private boolean full;

    /** @param place a folder, or a file in one, on that disk */
    Room(Path place, Time time) {
        this.place = place;
        this.time = time;
        this.lookedAt = time.nanos() - PAUSE.toNanos();
    }

    boolean isFull() {
        long now = time.nanos();
        if (now - lookedAt >= PAUSE.toNanos()) {
            lookedAt = now;
            full = look();
        }
        return full;
    }

    private boolean look() {
        try {
            Path there = Files.exists(place) ? place : place.toAbsolutePath().resolveSibling("");
            return Files.getFileStore(there).getUsableSpace() < LEAST;
        } catch (IOException e) {
            // Nothing is known of it: whatever is wrong with it, room is not what is missing.
            return false;
        }
    }
}
