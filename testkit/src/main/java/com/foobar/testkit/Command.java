package com.foobar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A short command of the machine, run to its end, with a deadline. */
final class Command {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Command() {}

    record Result(List<String> command, int status, String output) {
        boolean good() {
            return status == 0;
        }

        /** The output of a command that must succeed. */
        String orFail() {
            if (!good()) {
                throw new AssertionError(this);
            }
            return output;
        }

        @Override
        public String toString() {
            return String.join(" ", command) + " → " + status + ": " + output.strip();
        }
    }

    static Result run(String... command) {
        return run(PATIENCE, List.of(command));
    }

    static Result run(Duration patience, List<String> command) {
        try {
            // Into a file: a pipe stays open as long as any grandchild lives, and would hold the reader that long.
            Path output = Files.createTempFile("foobar-command", ".out");
            try {
                return run(patience, command, output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        }
    }

    private static Result run(Duration patience, List<String> command, Path output) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        try {
            if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError(String.join(" ", command) + " has not ended within " + patience + "; so far: "
                        + Files.readString(output, StandardCharsets.UTF_8));
            }
            return new Result(command, process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + command, e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
