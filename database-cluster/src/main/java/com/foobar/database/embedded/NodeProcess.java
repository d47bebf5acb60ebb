package com.foobar.database.embedded;

import com.foobar.database.storage.DurableFile;
import com.foobar.database.storage.Hold;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.ByteSize;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server process, started and answering. It does not end with this program by itself: whoever started it closes it, and whom even
 * that is denied finds it at the next start and ends it then. Safe for all threads; a stop that comes during another one is harmless.
 */
public final class NodeProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
    private static final Duration LOOK = Duration.ofMillis(2);

    /** How long close lets a server shut down before it is killed. */
    private static final Duration CLOSE = Duration.ofSeconds(10);

    /** How long SIGKILL may take. */
    private static final Duration DEATH = Duration.ofSeconds(5);

    private final Process process;
    private final NodeFolder folder;
    private final HostPort at;
    private final ServerLog log;
    private final Path socket;
    private final Hold hold;

    /** Set before a signal is sent, read by the thread that sees the end. */
    private volatile boolean endWanted;

    private NodeProcess(Process process, NodeLaunch launch, ServerLog log, Path socket, Hold hold) {
        this.process = process;
        this.folder = launch.folder();
        this.at = launch.settings().at();
        this.log = log;
        this.socket = socket;
        this.hold = hold;
    }

    /** Returns when the server answers; on failure nothing is left running. */
    public static NodeProcess start(NodeLaunch launch, Time time) throws StartFailure, InterruptedException {
        NodeFolder folder = launch.folder();
        try {
            DurableFile.secretFolder(folder.root());
            Hold hold = Hold.attempt(folder.lock())
                    .orElseThrow(() -> new StartFailure(
                            "the database folder " + folder.root() + " is in use by another process of this program",
                            "end the other one, or choose another data directory"));
            NodeProcess node = null;
            try {
                Orphan.end(folder, time);
                folder.requireUsable(launch.cluster(), launch.engine());
                PortCheck.requireFree(launch.settings().at(), launch.portKey());
                node = spawn(launch, hold);
                node.awaitReady(launch, time);
                folder.recordEngine(launch.engine().version());
                Files.deleteIfExists(folder.accounts());
                return node;
            } catch (StartFailure | IOException | InterruptedException | RuntimeException e) {
                if (node != null) {
                    Stopped unused = node.kill();
                }
                hold.close();
                throw e;
            }
        } catch (IOException e) {
            throw StorageFailure.of("the database server in " + folder.root() + " cannot be started", e);
        }
    }

    static String argument(Path config) {
        return "--defaults-file=" + config;
    }

    private static NodeProcess spawn(NodeLaunch launch, Hold hold) throws IOException, InterruptedException {
        NodeFolder folder = launch.folder();
        Path socket = folder.socket();
        folder.removeSocket(socket);
        Files.createDirectories(socket.resolveSibling(""));
        Optional<Path> accounts = launch.accounts().isEmpty() ? Optional.empty() : Optional.of(folder.accounts());
        if (accounts.isPresent()) {
            DurableFile.write(accounts.get(), launch.accountsText());
        }
        ServerLog log = ServerLog.begin(folder.log());
        NodeConfig.Places places =
                new NodeConfig.Places(folder.data(), socket, log.file(), folder.serverPid(), accounts);
        DurableFile.write(
                folder.config(),
                NodeConfig.text(
                        launch.engine(), launch.settings(), places, launch.tail(), Superuser.isMe(folder.root())));
        new ProcessMark(Optional.empty(), "", socket).write(folder.mark());
        ProcessBuilder builder = new ProcessBuilder(launch.engine().server().toString(), argument(folder.config()))
                .directory(folder.root().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
        Surroundings.clean(builder);
        Process process = builder.start();
        NodeProcess node = new NodeProcess(process, launch, log, socket, hold);
        boolean marked = false;
        try {
            new ProcessMark(
                            Optional.of(process.pid()),
                            ProcessStamp.of(process.toHandle()).orElse("ended"),
                            socket)
                    .write(folder.mark());
            marked = true;
        } finally {
            if (!marked) {
                Stopped unused = node.kill();
            }
        }
        return node;
    }

    /** The socket appears when the server listens, before recovery is done; the greeting comes when it is. */
    private void awaitReady(NodeLaunch launch, Time time) throws StartFailure, InterruptedException {
        long began = time.nanos();
        while (true) {
            if (!process.isAlive()) {
                throw startFailure(launch);
            }
            Duration left = launch.patience().minusNanos(time.nanos() - began);
            if (left.isNegative()) {
                throw new StartFailure(
                        "the database server in " + folder.root() + " did not answer within " + launch.patience() + "; "
                                + LogDiagnosis.of(log.tail()).sentence(),
                        "see " + log.file() + "; a long recovery needs more patience");
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a database server was starting");
            }
            if (greets(left, time)) {
                return;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private boolean greets(Duration left, Time time) {
        // In slices, so that a server that dies while it is asked is noticed as dead.
        Duration slice = left.compareTo(Duration.ofMillis(200)) < 0 ? left : Duration.ofMillis(200);
        try {
            return Files.exists(socket)
                    && !Greeting.from(socket, slice, time).version().isEmpty();
        } catch (IOException e) {
            // Not yet listening, or not yet ready: asked again until patience ends.
            return false;
        }
    }

    private StartFailure startFailure(NodeLaunch launch) {
        String text = log.tail();
        LogDiagnosis why = LogDiagnosis.of(text);
        if (why.cause() == LogDiagnosis.Cause.PORT_TAKEN) {
            // Somebody took it after it was seen free.
            return PortCheck.taken(
                    new InetSocketAddress(at.host(), at.port()), launch.portKey(), new BindException(why.line()));
        }
        return why.failure("the database server in " + folder.root() + " ended while it was starting (exit "
                + process.exitValue() + ", log " + log.file() + ")");
    }

    public HostPort at() {
        return at;
    }

    public NodeFolder folder() {
        return folder;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its own socket, for tools of the same user. */
    public Path socket() {
        return socket;
    }

    /** Completes as soon as the kernel reports the end: the quickest news of a dead primary there is. */
    public CompletableFuture<NodeExit> onExit() {
        return process.onExit()
                .thenApply(ended -> new NodeExit(
                        ended.exitValue(),
                        endWanted,
                        endWanted
                                ? "it was told to"
                                : LogDiagnosis.of(log.tail()).sentence()));
    }

    /** Resident memory, where the system tells. */
    public Optional<ByteSize> memory() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> ByteSize.parse(line.replaceAll("[^0-9]", "") + "KiB"))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** SIGTERM, and SIGKILL at the deadline: a server that hangs, or waits for an acknowledgement, never ends by itself. */
    public Stopped stop(Duration deadline) throws InterruptedException {
        if (!process.isAlive()) {
            return Stopped.BEFORE;
        }
        endWanted = true;
        process.destroy();
        if (process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            // A server that crashed while it shut down has not shut down.
            return process.exitValue() == 0 ? Stopped.CLEANLY : Stopped.KILLED;
        }
        LOG.warn("Database server {} at {} did not end within {}; it is killed", process.pid(), at, deadline);
        return kill();
    }

    /** The fence: nothing softer keeps a primary from confirming one write more. Also works on a server that is stopped or hangs. */
    public Stopped kill() throws InterruptedException {
        if (!process.isAlive()) {
            return Stopped.BEFORE;
        }
        endWanted = true;
        Process unused = process.destroyForcibly();
        return process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS) ? Stopped.KILLED : Stopped.NOT_YET;
    }

    /** Sends the signal and does not wait, for a caller that must not; {@link #onExit} tells of the end. */
    public void killWithoutWaiting() {
        endWanted = true;
        Process unused = process.destroyForcibly();
    }

    /** Stops it if it still runs, and gives the folder back for another start. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        Stopped stopped = Stopped.NOT_YET;
        try {
            stopped = stop(CLOSE);
        } catch (InterruptedException e) {
            interrupted = true;
            Process unused = process.destroyForcibly();
        }
        try {
            // What may still live stays marked, and is ended at the next start.
            if (stopped != Stopped.NOT_YET) {
                folder.removeSocket(socket);
                Files.deleteIfExists(folder.mark());
            }
            hold.close();
        } catch (IOException e) {
            LOG.warn(
                    "After database server {} at {} not everything could be cleared: {}",
                    process.pid(),
                    at,
                    e.toString());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
