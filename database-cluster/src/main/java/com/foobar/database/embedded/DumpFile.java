package com.foobar.database.embedded;

import com.foobar.database.storage.DurableFile;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A dump as a compressed file: written while a node serves, and loaded again. */
public final class DumpFile implements AutoCloseable {

    private static final Pattern POSITION = Pattern.compile("SET GLOBAL gtid_slave_pos='([0-9,-]*)'");

    private static final int PIECE = 64 * 1024;
    private static final Duration DEATH = Duration.ofSeconds(5);

    private final DumpSource source;
    private final Process process;
    private final Path login;
    private final Path errors;
    private final Time time;

    private DumpFile(DumpSource source, Process process, Path login, Path errors, Time time) {
        this.source = source;
        this.process = process;
        this.login = login;
        this.errors = errors;
        this.time = time;
    }

    /** Starts it; it takes its view of the data, and then waits until it is written. */
    public static DumpFile begin(Engine engine, DumpSource source, Path work, Time time)
            throws IOException, StartFailure {
        Path dump = DumpLoad.tool(engine.dump(), "mariadb-dump", engine);
        Path login = work.resolve("dump.cnf");
        Path errors = work.resolve("dump.log");
        DurableFile.write(login, DumpLoad.loginText(source));
        ProcessBuilder builder = new ProcessBuilder(DumpLoad.dumpCommand(dump, login, source))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(errors.toFile());
        Surroundings.clean(builder);
        return new DumpFile(source, builder.start(), login, errors, time);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Writes all of it, and answers with the position that its view of the data stands at, as the dump itself says. */
    public String writeTo(Path file) throws IOException, InterruptedException, StartFailure {
        AtomicBoolean late = new AtomicBoolean();
        // A read from a pipe knows no deadline: the end of the process ends it.
        Time.Timeout alarm = time.after(source.patience(), () -> {
            late.set(true);
            process.destroyForcibly();
        });
        byte[] first = {};
        byte[] before = {};
        byte[] last = {};
        try (InputStream from = process.getInputStream();
                OutputStream to = new GZIPOutputStream(Files.newOutputStream(file), PIECE)) {
            for (byte[] piece = from.readNBytes(PIECE); piece.length > 0; piece = from.readNBytes(PIECE)) {
                to.write(piece);
                first = first.length == 0 ? piece : first;
                before = last;
                last = piece;
            }
        } finally {
            alarm.cancel();
        }
        if (late.get() || !process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new StartFailure(
                    "the dump of " + source.at() + " did not end within "
                            + source.patience().toSeconds() + " s",
                    "look at that node's load and disk, then try again");
        }
        // A dump that breaks off is well-formed SQL up to there: only the exit tells.
        if (process.exitValue() != 0) {
            throw LogDiagnosis.of(Files.readString(errors))
                    .failure("the dump of " + source.at() + " failed (exit " + process.exitValue() + ")");
        }
        String end = position(text(before) + text(last));
        return end.isEmpty() ? position(text(first)) : end;
    }

    private static String text(byte[] piece) {
        return new String(piece, StandardCharsets.ISO_8859_1);
    }

    /** Newer tools say it behind all data, where the last that looks like it is theirs; older ones among the first statements. */
    private static String position(String piece) {
        return POSITION.matcher(piece)
                .results()
                .reduce((one, next) -> next)
                .map(found -> found.group(1))
                .orElse("");
    }

    /** What is done with the server that was loaded, once it has answered. */
    @FunctionalInterface
    interface Afterwards {
        void with(Path client, Path socket) throws IOException, InterruptedException, StartFailure;
    }

    static List<String> load(
            Engine engine,
            Path dump,
            Duration patience,
            NodeFolder folder,
            Path data,
            List<String> questions,
            Afterwards afterwards,
            Time time)
            throws IOException, InterruptedException, StartFailure {
        Path client = DumpLoad.tool(engine.client(), "mariadb", engine);
        List<String> answers = new ArrayList<>();
        DumpLoad.serve(engine, folder, data, time, socket -> {
            List<String> command = new ArrayList<>(DumpLoad.loadCommand(client, socket));
            Path output = folder.root().resolve("load.log");
            feed(command, dump, output, patience, time);
            command.addAll(List.of("--batch", "--skip-column-names"));
            Path asked = folder.root().resolve("questions.sql");
            Files.write(asked, questions);
            BoundedRun.Result result =
                    BoundedRun.run(command, ProcessBuilder.Redirect.from(asked.toFile()), output, patience);
            if (result.exit() != 0) {
                throw new StartFailure(
                        "the data loaded from " + dump + " cannot be read: " + result.output(), "try another backup");
            }
            answers.addAll(Files.readAllLines(output));
            Files.delete(asked);
            Files.delete(output);
            afterwards.with(client, socket);
        });
        return answers;
    }

    private static void feed(List<String> command, Path dump, Path output, Duration patience, Time time)
            throws IOException, InterruptedException, StartFailure {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        Surroundings.clean(builder);
        Process client = builder.start();
        Time.Timeout alarm = time.after(patience, client::destroyForcibly);
        Optional<IOException> broken = Optional.empty();
        try {
            try (InputStream from = new GZIPInputStream(Files.newInputStream(dump), PIECE);
                    OutputStream to = client.getOutputStream()) {
                long unused = from.transferTo(to);
            } catch (IOException e) {
                // The client has mostly said more about it than the broken pipe does.
                broken = Optional.of(e);
            }
            int exit = client.waitFor();
            if (exit != 0 || broken.isPresent()) {
                throw LogDiagnosis.of(Files.readString(output))
                        .failure("the dump " + dump + " was not loaded within "
                                + patience.toSeconds() + " s (exit " + exit
                                + broken.map(e -> ", " + e).orElse("") + ")");
            }
        } finally {
            alarm.cancel();
            DumpLoad.end(client);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        // Not waitFor: a close that can be interrupted would leave the files behind.
        Process unused = process.onExit()
                .completeOnTimeout(process, DEATH.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        Files.deleteIfExists(login);
        Files.deleteIfExists(errors);
    }
}
