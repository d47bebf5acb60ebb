package com.foobar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * TCP ports nobody listens on. A port is given out once per JVM and, as long as this JVM lives, to no other JVM of the same
 * user that asks here: two builds side by side do not steal each other's ports between the asking and the binding.
 */
public final class FreePorts {

    /** Below Linux's ephemeral range (32768 up), or an outgoing connection of anybody could take the port meanwhile. */
    private static final int FIRST = 12_000;

    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 2_000;

    /**
     * Byte n of this file is locked by whoever holds port n; the operating system unlocks it when the JVM dies. Opened once
     * and never closed, because closing any channel of a file drops all of the process's locks on it. Guarded by the class.
     */
    private static @Nullable FileChannel reservations;

    private FreePorts() {}

    public static int one() {
        return block(1).get(0);
    }

    /** This many ports in a row. */
    public static synchronized List<Integer> block(int size) {
        if (size < 1 || size > 1_000) {
            throw new IllegalArgumentException("a block has 1 to 1000 ports, not " + size);
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST - size);
            Optional<List<Integer>> block = reserve(first, size);
            if (block.isPresent()) {
                return block.get();
            }
        }
        throw new AssertionError("no " + size + " free ports in a row between " + FIRST + " and " + LAST + " after "
                + ATTEMPTS + " attempts");
    }

    private static Optional<List<Integer>> reserve(int first, int size) {
        for (int port = first; port < first + size; port++) {
            if (!isFree(port)) {
                return Optional.empty();
            }
        }
        return lock(first, size)
                ? Optional.of(IntStream.range(first, first + size).boxed().toList())
                : Optional.empty();
    }

    /** Asks with the wildcard address: it collides with a listener on any address, so the answer holds for loopback too. */
    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port)) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean lock(int first, int size) {
        try {
            if (reservations == null) {
                Path file = Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "foobar-test-ports-" + System.getProperty("user.name") + ".lock");
                reservations = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            }
            return reservations.tryLock(first, size, false) != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("the port reservations cannot be written; is java.io.tmpdir writable?", e);
        }
    }
}
