package com.foobar.kernel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Gathers lines and appends them to the file. When the file cannot be written it says so once, loses lines and counts them,
 * tries again every few seconds, and says when it can again.
 */
final class FileSink implements Sink {

    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int FLUSH_CHARACTERS = 64 * 1024;

    private final RotatingFile file;
    private final Time time;
    private final Consumer<String> console;
    private final LongAdder lost = new LongAdder();

    private final StringBuilder gathered = new StringBuilder();
    private long gatheredLines;
    private boolean failing;
    private long failedAt;
    private long lostSinceFailure;

    /** Complaints about the file go to the console: logging them would come back here. */
    FileSink(RotatingFile file, Time time, Consumer<String> console) {
        this.file = file;
        this.time = time;
        this.console = console;
    }

    long lost() {
        return lost.sum();
    }

    @Override
    public void write(ILoggingEvent event) {
        JsonLine.append(event, gathered);
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
            file.append(ByteBuffer.wrap(gathered.toString().getBytes(StandardCharsets.UTF_8)));
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

    private void failed(Exception unwritable) {
        if (!failing) {
            console.accept(
                    "cannot write " + file.path() + " (" + unwritable + "): log lines go to the console only until it"
                            + " can be written; free some space or correct its permissions");
        }
        failing = true;
        failedAt = time.nanos();
    }

    private void recovered() {
        if (failing) {
            console.accept("writes " + file.path() + " again; " + lostSinceFailure + " log lines are missing in it");
            failing = false;
            lostSinceFailure = 0;
        }
    }
}
