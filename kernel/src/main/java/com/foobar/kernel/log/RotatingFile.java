package com.foobar.kernel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code foobar.jsonl}, which becomes {@code foobar-20261121-120304.jsonl} when it is full or the day is over; the oldest go
 * when there are too many. Holds only whole appends, also after a full disk. For one thread.
 */
final class RotatingFile implements AutoCloseable {

    static final String SUFFIX = ".jsonl";

    /** As much as is appended at once: space for less would be praised now and missed a moment later. */
    private static final int PROBE_BYTES = 64 * 1024;

    private final Path folder;
    private final String name;
    private final FileLimits limits;
    private final InstantSource clock;
    /** Exactly what {@link #unusedName} makes: {@code access-lb-2.jsonl} is a neighbour and no predecessor of {@code access-lb.jsonl}. */
    private final Pattern predecessor;

    private @Nullable FileChannel open;
    private LocalDate day = LocalDate.EPOCH;

    /** The file is opened by the first append, so that there is one place only where opening fails. */
    RotatingFile(Path folder, String name, FileLimits limits, InstantSource clock) {
        this.folder = folder;
        this.name = name;
        this.limits = limits;
        this.clock = clock;
        this.predecessor =
                Pattern.compile(Pattern.quote(name) + "-[0-9]{8}-[0-9]{6}(-[0-9]{3,})?" + Pattern.quote(SUFFIX));
    }

    Path path() {
        return folder.resolve(name + SUFFIX);
    }

    /** Appends all of it, or nothing and throws; the next append tries from the start. */
    void append(ByteBuffer lines) throws IOException {
        FileChannel channel = opened();
        if (channel.size() > 0 && (channel.size() + lines.remaining() > limits.fileBytes() || !day.equals(today()))) {
            rotate();
            channel = opened();
        }
        write(channel, lines);
    }

    /** Throws if there is no space for an append, and leaves nothing behind. */
    void probe() throws IOException {
        FileChannel channel = opened();
        long whole = channel.size();
        // Blanks, because a crash before they are cut off leaves a file that is still one of JSON lines.
        byte[] blanks = new byte[PROBE_BYTES];
        Arrays.fill(blanks, (byte) ' ');
        write(channel, ByteBuffer.wrap(blanks));
        channel.truncate(whole);
    }

    private void write(FileChannel channel, ByteBuffer lines) throws IOException {
        long whole = channel.size();
        try {
            while (lines.hasRemaining()) {
                channel.write(lines);
            }
        } catch (IOException full) {
            cutBack(channel, whole, full);
            close();
            throw full;
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel channel = open;
        open = null;
        if (channel != null) {
            channel.close();
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel channel = open;
        // Somebody may have moved or deleted the file: writing on into what has no name would lose everything.
        if (channel != null && Files.exists(path())) {
            return channel;
        }
        close();
        Files.createDirectories(folder);
        channel = FileChannel.open(
                path(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        open = channel;
        day = channel.size() == 0
                ? today()
                : dayOf(Files.getLastModifiedTime(path()).toInstant());
        return channel;
    }

    private void rotate() throws IOException {
        close();
        Files.move(path(), unusedName());
        deleteOldest();
    }

    private Path unusedName() {
        String stamp = clock.instant().toString().replaceAll("[-:]|\\..*|Z", "").replace('T', '-');
        Path unused = folder.resolve(name + "-" + stamp + SUFFIX);
        for (int i = 1; Files.exists(unused); i++) {
            // Three digits keep the order of names the order of time.
            unused = folder.resolve(String.format(Locale.ROOT, "%s-%s-%03d%s", name, stamp, i, SUFFIX));
        }
        return unused;
    }

    private void deleteOldest() throws IOException {
        List<Path> newestFirst;
        try (Stream<Path> files = Files.list(folder)) {
            newestFirst = files.filter(this::isOld)
                    .sorted((a, b) -> b.toString().compareTo(a.toString()))
                    .toList();
        }
        // The file to come is counted in full, so that the total holds at every moment.
        long total = limits.fileBytes();
        Instant oldest = clock.instant().minus(limits.keep());
        for (Path file : newestFirst) {
            total += Files.size(file);
            if (total > limits.totalBytes()
                    || Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private boolean isOld(Path file) {
        return predecessor.matcher(String.valueOf(file.getFileName())).matches();
    }

    private static void cutBack(FileChannel channel, long whole, IOException full) {
        try {
            channel.truncate(whole);
        } catch (IOException alsoFailed) {
            full.addSuppressed(alsoFailed);
        }
    }

    private LocalDate today() {
        return dayOf(clock.instant());
    }

    private static LocalDate dayOf(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
