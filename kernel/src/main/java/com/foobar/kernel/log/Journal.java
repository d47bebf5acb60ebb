package com.foobar.kernel.log;

import com.foobar.kernel.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A file of JSON lines for events of one kind, such as a load balancer's requests: {@code access-lb1.jsonl}, rotated like the
 * log. Events become text on the journal's own thread, so that who tells of one pays for a slot in a queue and no more.
 */
public final class Journal<E> implements AutoCloseable {

    /** Over a second at fifty thousand events a second: a disk may pause that long without a loss. */
    private static final int QUEUED_EVENTS = 65_536;

    private static final Duration CLOSING_PATIENCE = Duration.ofSeconds(2);

    /** Nothing that leaves the folder. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.jsonl");

    private final FileSink<E> sink;
    private final Backlog<E> backlog;

    private Journal(String stem, FileSink<E> sink, int capacity) {
        this.sink = sink;
        this.backlog = new Backlog<>(stem, "journal", sink, capacity);
    }

    /**
     * Opens the journal; the file itself is made with the first event, and when that fails it is complained about and tried
     * again.
     *
     * @param name the file's, with {@code .jsonl}; nobody else in this folder may use it
     * @param complaints hears once that the file cannot be written, and once that it can be again; on the journal's thread
     * @param line appends one event as one JSON object, without a line end, on the journal's thread
     */
    public static <E> Journal<E> open(
            Path folder,
            String name,
            FileLimits limits,
            Time time,
            Consumer<String> complaints,
            BiConsumer<E, StringBuilder> line) {
        return open(folder, name, limits, time, complaints, line, QUEUED_EVENTS);
    }

    static <E> Journal<E> open(
            Path folder,
            String name,
            FileLimits limits,
            Time time,
            Consumer<String> complaints,
            BiConsumer<E, StringBuilder> line,
            int capacity) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a journal cannot be called '" + name + "': take letters, digits, '.', '_' and '-', then .jsonl");
        }
        String stem = name.substring(0, name.length() - RotatingFile.SUFFIX.length());
        RotatingFile file = new RotatingFile(folder, stem, limits, time);
        Journal<E> journal = new Journal<>(stem, new FileSink<>(file, time, complaints, line), capacity);
        journal.backlog.start();
        return journal;
    }

    /** Never waits; false when the queue is full or closed. The event must not change any more. For any thread. */
    public boolean offer(E event) {
        return backlog.offer(event);
    }

    /** Events that are missing in the file, because the queue was full or the file could not be written. */
    public long dropped() {
        return backlog.dropped() + sink.lost();
    }

    /** Writes what is queued, as long as that takes little time. Harmless when called again. */
    @Override
    public void close() {
        backlog.close(CLOSING_PATIENCE);
    }
}
