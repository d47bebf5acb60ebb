package com.foobar.database.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end, or to its deadline and no further. */
public final class BoundedRun {

    /** What a program prints beyond this is not read: it goes into an error message. */
    private static final int MOST_OUTPUT = 16 * 1024;

    private static final Duration AFTER_KILL = Duration.ofSeconds(5);

    /**
     * How it ended.
     *
     * @param output the end of what it printed, both streams
     */
    public record Result(int exit, String output) {}

    private BoundedRun() {}

    /** Its output goes through a file: a pipe that nobody reads would stop it, and a reader would need a thread. */
    public static Result run(List<String> command, ProcessBuilder.Redirect input, Path output, Duration deadline)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(input)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Surroundings.clean(builder);
        Process process = builder.start();
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        command.get(0) + " did not end within " + deadline + "; it was killed. " + tail(output));
            }
            return new Result(process.exitValue(), tail(output));
        } finally {
            // Also when this thread is interrupted: nothing outlives the call.
            if (process.isAlive()) {
                process.destroyForcibly();
                boolean unused = process.waitFor(AFTER_KILL.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private static String tail(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int from = Math.max(0, all.length - MOST_OUTPUT);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
    }
}
