package com.foobar.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A program of the machine that judges our output. Where it is missing, a test says so aloud, or fails if it was asked to. */
public final class ExternalTool {

    private final String name;

    private ExternalTool(String name) {
        this.name = name;
    }

    /** {@code -Dfoobar.tools=required} turns the skip into a failure. */
    public static ExternalTool needed(String name) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder).resolve(name))) {
                return new ExternalTool(name);
            }
        }
        String reason = "'" + name + "' is not installed on this machine, so what it would judge stays unproved";
        if (System.getProperty("foobar.tools", "optional").equals("required")) {
            fail(reason + " (foobar.tools=required)");
        }
        System.out.println("SKIPPED: " + reason);
        return Assumptions.abort(reason);
    }

    /** Runs it with this input and returns all it says; the test fails when it ends badly or does not end. */
    public String run(byte[] input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(name));
        command.addAll(List.of(arguments));
        Path stdin = Files.createTempFile("tool", ".in");
        Path output = Files.createTempFile("tool", ".out");
        try {
            Files.write(stdin, input);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(stdin.toFile())
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended).as("%s ends: %s", command, said).isTrue();
            assertThat(process.exitValue()).as("%s: %s", command, said).isZero();
            return said;
        } finally {
            Files.delete(stdin);
            Files.delete(output);
        }
    }

    public String run(String... arguments) throws IOException, InterruptedException {
        return run(InputStream.nullInputStream().readAllBytes(), arguments);
    }
}
