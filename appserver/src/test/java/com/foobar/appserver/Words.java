package com.foobar.appserver;

import com.foobar.kernel.log.Logs;
import com.foobar.kernel.time.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the server says to its operator, warnings and worse. One at a time: the log is static. */
public final class Words implements AutoCloseable {
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final SystemTime time = new SystemTime("words");
    private final Path folder;
    private final Logs logs;

    private Words(Path folder) {
        this.folder = folder;
        PrintStream stream = new PrintStream(console, true, StandardCharsets.UTF_8);
        this.logs = Logs.start(Logs.Options.of(folder, stream, time).withLevel(org.slf4j.event.Level.WARN));
    }

    public static Words heard() {
        try {
            return new Words(Files.createTempDirectory("words"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that is said while this runs. */
    public static String during(Runnable work) {
        Words words = heard();
        try (words) {
            work.run();
        }
        return words.said();
    }

    /** So far; the log has a thread of its own, so what has just been said may come a moment later. */
    public String said() {
        return console.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        logs.close();
        time.close();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
