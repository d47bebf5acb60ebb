package com.foobar.bench.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What writers have noted in a file of lines: {@code A id node start end} for an acknowledged write, {@code U id} for one whose outcome is
 * unknown, {@code F reason} for one that certainly did not happen. Each look reads what came since the last one.
 */
final class Books {
    private final Path file;
    private final List<Ack> acks = new ArrayList<>();
    private final Set<Long> unknown = new HashSet<>();
    private long failed;
    private long read;

    Books(Path file) {
        this.file = file;
    }

    /** A line that is still being written waits for the next look. */
    void look() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] news = new byte[Math.toIntExact(in.length() - read)];
            in.seek(read);
            in.readFully(news);
            int whole = news.length;
            while (whole > 0 && news[whole - 1] != '\n') {
                whole--;
            }
            read += whole;
            new String(news, 0, whole, StandardCharsets.UTF_8).lines().forEach(this::enter);
        }
    }

    private void enter(String line) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "A" ->
                acks.add(new Ack(
                        Long.parseLong(words[1]), words[2], Long.parseLong(words[3]), Long.parseLong(words[4])));
            case "U" -> unknown.add(Long.parseLong(words[1]));
            case "F" -> failed++;
            default -> throw new IllegalArgumentException(file + " has a line that nobody writes: " + line);
        }
    }

    List<Ack> acks() {
        return acks;
    }

    /** Those that began at or after that moment. */
    List<Ack> since(long nanos) {
        return acks.stream().filter(ack -> ack.start() - nanos >= 0).toList();
    }

    int unknown() {
        return unknown.size();
    }

    long failed() {
        return failed;
    }
}
