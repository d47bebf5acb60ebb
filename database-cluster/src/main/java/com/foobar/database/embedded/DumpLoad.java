package com.foobar.database.embedded;

import com.foobar.database.storage.DurableFile;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A dump of one node loaded into the data of another that is not yet one. The loading server has no network, no accounts and no binary
 * log: nobody can reach it but through a socket in a folder of ours, and the load leaves no write of its own that the others would lack.
 */
final class DumpLoad {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration DEATH = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(2);

    private DumpLoad() {}

    /** What is done with the loading server while it runs. */
    @FunctionalInterface
    interface Work {
        void with(Path socket) throws IOException, InterruptedException, StartFailure;
    }

    /** @param data a copy of the template */
    static void run(Engine engine, DumpSource source, NodeFolder folder, Path data, Time time)
            throws IOException, InterruptedException, StartFailure {
        Path dump = tool(engine.dump(), "mariadb-dump", engine);
        Path client = tool(engine.client(), "mariadb", engine);
        Path login = folder.root().resolve("dump.cnf");
        try {
            serve(engine, folder, data, time, socket -> {
                DurableFile.write(login, loginText(source));
                pipe(
                        List.of(dumpCommand(dump, login, source), loadCommand(client, socket)),
                        folder.root().resolve("dump.log"),
                        source,
                        time);
            });
        } finally {
            Files.deleteIfExists(login);
        }
    }

    static void serve(Engine engine, NodeFolder folder, Path data, Time time, Work work)
            throws IOException, InterruptedException, StartFailure {
        Path socket = folder.socket();
        folder.removeSocket(socket);
        Files.createDirectories(socket.resolveSibling(""));
        ServerLog log = ServerLog.begin(folder.log());
        new ProcessMark(Optional.empty(), "", socket).write(folder.mark());
        Process server = start(serverCommand(engine, folder, data, socket), log);
        try {
            new ProcessMark(
                            Optional.of(server.pid()),
                            ProcessStamp.of(server.toHandle()).orElse("ended"),
                            socket)
                    .write(folder.mark());
            awaitReady(server, socket, log, time);
            work.with(socket);
            shutDown(server, folder);
        } finally {
            end(server);
            folder.removeSocket(socket);
            Files.deleteIfExists(folder.mark());
        }
    }

    static Path tool(Optional<Path> tool, String name, Engine engine) throws StartFailure {
        return tool.orElseThrow(() -> new StartFailure(
                "a node cannot be provisioned by a dump: there is no " + name + " beside " + engine.server(),
                "install the package mariadb-client, or provision from a stopped replica"));
    }

    private static List<String> serverCommand(Engine engine, NodeFolder folder, Path data, Path socket)
            throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "[mariadbd]",
                "basedir=\"" + engine.base() + '"',
                "datadir=\"" + data + '"',
                "socket=\"" + socket + '"',
                "pid-file=\"" + folder.serverPid() + '"',
                "log-error=\"" + folder.log() + '"',
                "lc-messages-dir=\"" + engine.messages() + '"',
                "character-sets-dir=\"" + engine.charsets() + '"',
                "skip-networking=1",
                "skip-grant-tables=1",
                "skip-log-bin=1",
                "skip-slave-start=1",
                "server-id=" + LogReplay.LOADER,
                "relay-log=relay",
                "skip-ssl=1",
                "performance-schema=0",
                "innodb-buffer-pool-size=64M",
                "innodb-log-file-size=16M",
                // All of it is forced to the disk before it becomes a node's data.
                "innodb-flush-log-at-trx-commit=0"));
        NodeConfig.TABLESPACE.forEach((option, value) -> options.add(option + "=" + value));
        if (Superuser.isMe(folder.root())) {
            options.add("user=root");
        }
        DurableFile.write(folder.config(), String.join("\n", options) + "\n");
        return List.of(engine.server().toString(), NodeProcess.argument(folder.config()));
    }

    private static Process start(List<String> command, ServerLog log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
        Surroundings.clean(builder);
        return builder.start();
    }

    private static void awaitReady(Process server, Path socket, ServerLog log, Time time)
            throws StartFailure, InterruptedException {
        long began = time.nanos();
        while (true) {
            Duration left = START.minusNanos(time.nanos() - began);
            if (!server.isAlive() || left.isNegative()) {
                throw LogDiagnosis.of(log.tail()).failure("the server that loads a dump did not start");
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a dump was about to be loaded");
            }
            try {
                if (Files.exists(socket)
                        && !Greeting.from(socket, left, time).version().isEmpty()) {
                    return;
                }
            } catch (IOException e) {
                // Not yet: asked again until the time is over.
                LockSupport.parkNanos(LOOK.toNanos());
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    static String loginText(DumpSource source) {
        return "[client]\nuser=" + source.login().user() + "\npassword="
                + source.login().password().reveal() + "\nhost=" + source.at().host() + "\nport="
                + source.at().port() + "\nprotocol=tcp\n"
                + source.authority()
                        .map(file -> "ssl-ca=\"" + file + "\"\nssl-verify-server-cert\n")
                        .orElse("skip-ssl\n");
    }

    /** One consistent view, with the position it was taken at as statements that the load runs. */
    static List<String> dumpCommand(Path dump, Path login, DumpSource source) {
        return List.of(
                dump.toString(),
                "--defaults-file=" + login,
                "--single-transaction",
                "--master-data=1",
                "--gtid",
                "--routines",
                "--triggers",
                "--events",
                "--hex-blob",
                "--default-character-set=utf8mb4",
                "--databases",
                source.schema());
    }

    static List<String> loadCommand(Path client, Path socket) {
        return List.of(
                client.toString(),
                "--no-defaults",
                "--skip-ssl",
                "--binary-mode",
                "--default-character-set=utf8mb4",
                "--socket=" + socket);
    }

    private static void pipe(List<List<String>> commands, Path output, DumpSource source, Time time)
            throws IOException, InterruptedException, StartFailure {
        Files.deleteIfExists(output);
        List<ProcessBuilder> builders = new ArrayList<>();
        for (List<String> command : commands) {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(output.toFile()));
            Surroundings.clean(builder);
            builders.add(builder);
        }
        builders.get(builders.size() - 1).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        List<Process> processes = ProcessBuilder.startPipeline(builders);
        try {
            long began = time.nanos();
            for (Process process : processes) {
                long left = source.patience().toNanos() - (time.nanos() - began);
                if (!process.waitFor(left, TimeUnit.NANOSECONDS)) {
                    throw new StartFailure(
                            "the dump of " + source.at() + " was not loaded within " + source.patience(),
                            "give it more patience, or provision from a stopped replica");
                }
                // A dump that breaks off is well-formed SQL up to there: only the exit tells.
                if (process.exitValue() != 0) {
                    throw LogDiagnosis.of(Files.readString(output))
                            .failure("the dump of " + source.at() + " failed (exit " + process.exitValue() + ")");
                }
            }
        } finally {
            for (Process process : processes) {
                end(process);
            }
        }
    }

    private static void shutDown(Process server, NodeFolder folder) throws InterruptedException, StartFailure {
        server.destroy();
        if (!server.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS) || server.exitValue() != 0) {
            throw new StartFailure(
                    "the server that loaded a dump into " + folder.root() + " did not shut down cleanly",
                    "see " + folder.log() + ", then provision again");
        }
    }

    /** Whatever happened, and also when interrupted: nothing of it lives on. */
    static void end(Process process) throws InterruptedException {
        if (process.isAlive()) {
            process.destroyForcibly();
            boolean unused = process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
