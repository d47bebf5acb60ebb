package com.foobar.kernel.log;

import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Makes a line of each event, gathers them and appends them to the file. When the file cannot be written it says so once, loses lines and counts them,
 * tries again every few seconds, and says when it can again.
 */
final class FileSink<E> implements Sink<E> {

    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int FLUSH_CHARACTERS = 64 * 1024;

    private final RotatingFile file;
    private final Time time;
    private final Consumer<String> complaints;
    private final BiConsumer<E, StringBuilder> line;
    private final LongAdder lost = new LongAdder();

    private final StringBuilder gathered = new StringBuilder();
    private long gatheredLines;
    private boolean toldOfBrokenLine;
    private boolean failing;
    private long failedAt;
    private long lostSinceFailure;

    /**
     * Complaints about the file are not logged: they would come back here.
     *
     * @param line appends one event without a line end; that is the sink's, so that no line is ever without
     */
    FileSink(RotatingFile file, Time time, Consumer<String> complaints, BiConsumer<E, StringBuilder> line) {
        this.file = file;
        this.time = time;
        this.complaints = complaints;
        this.line = line;
    }

    long lost() {
        return lost.sum();
    }

    @Override
    public void write(E event) {
        int whole = gathered.length();
        try {
            line.accept(event, gathered);
        } catch (RuntimeException | Error broken) {
            // Half a line would spoil the next one as well.
            gathered.setLength(whole);
            leftOut(broken);
            return;
        }
        gathered.append('\n');
        gatheredLines++;
        if (gathered.length() >= FLUSH_CHARACTERS) {
            flush();
        }
    }

    @Override
    public void flush() {
        if (gathered.length() == 0 && !failing) {
            return;
        }
        if (failing && time.nanos() - failedAt < RETRY.toNanos()) {
            forget();
            return;
        }
        try {
            if (gathered.length() == 0) {
                file.probe();
            } else {
                file.append(ByteBuffer.wrap(gathered.toString().getBytes(StandardCharsets.UTF_8)));
            }
            gathered.setLength(0);
            gatheredLines = 0;
            recovered();
        } catch (IOException | RuntimeException unwritable) {
            forget();
            failed(unwritable);
        }
    }

    @Override
    public void close() {
        try {
            flush();
            file.close();
        } catch (IOException unwritable) {
            failed(unwritable);
        }
    }

    private void forget() {
        lost.add(gatheredLines);
        lostSinceFailure += gatheredLines;
        gatheredLines = 0;
        gathered.setLength(0);
    }

    private void leftOut(Throwable broken) {
        lost.increment();
        if (!toldOfBrokenLine) {
            toldOfBrokenLine = true;
            complaints.accept("cannot make a line for " + file.path() + " (" + broken
                    + "): such events are left out and" + " counted, this is said once; report it as a bug");
        }
    }

    private void failed(Exception unwritable) {
        if (!failing) {
            complaints.accept(
                    "cannot write " + file.path() + " (" + unwritable + "): lines for it are lost until it can be"
                            + " written; free some space or correct its permissions");
        }
        failing = true;
        failedAt = time.nanos();
    }

    private void recovered() {
        if (failing) {
            complaints.accept("writes " + file.path() + " again; " + lostSinceFailure + " log lines are missing in it");
            failing = false;
            lostSinceFailure = 0;
        }
    }
}
