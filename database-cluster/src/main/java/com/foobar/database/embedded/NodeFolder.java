package com.foobar.database.embedded;

import com.foobar.database.storage.DurableFile;
import com.foobar.database.storage.FolderSync;
import com.foobar.database.storage.Publication;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The folder of one node: its data, and beside it what its server process needs. */
public final class NodeFolder {

    /** {@code sun_path} has 108 bytes, the last of them zero. */
    private static final int LONGEST_SOCKET = 107;

    private static final String SOCKET = "s.sock";

    /** Only this process provisions here, for the caller holds the lock; a wait would be for nobody. */
    private static final Duration NOBODY = Duration.ofSeconds(1);

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path root;

    private NodeFolder(Path root) {
        this.root = root;
    }

    public static NodeFolder at(Path root) {
        return new NodeFolder(root.toAbsolutePath().normalize());
    }

    public Path root() {
        return root;
    }

    public Path data() {
        return root.resolve("data");
    }

    public Path log() {
        return root.resolve("server.log");
    }

    Path config() {
        return root.resolve("server.cnf");
    }

    Path accounts() {
        return root.resolve("accounts.sql");
    }

    Path serverPid() {
        return root.resolve("server.pid");
    }

    Path mark() {
        return root.resolve("process");
    }

    Path lock() {
        return root.resolve("lock");
    }

    public boolean isEmpty() {
        return !Files.exists(data());
    }

    /** Whose data it is; nothing if there is none, or none of ours. */
    public Optional<NodeIdentity> identity() throws IOException {
        Path file = data().resolve(NodeIdentity.FILE);
        return Files.isRegularFile(file) ? NodeIdentity.parse(Files.readString(file)) : Optional.empty();
    }

    /**
     * Fills it with data and says whose it is, both or none: a kill or a full disk leaves it empty.
     *
     * @param filling gets the folder that will be the data
     */
    void provision(NodeIdentity identity, Time time, Publication.Filling filling)
            throws StartFailure, InterruptedException {
        if (!isEmpty()) {
            throw new StartFailure(
                    "the database folder " + root + " has data already",
                    "set that data aside before it is provisioned anew");
        }
        try {
            Publication.publish(data(), NOBODY, time, folder -> {
                filling.fill(folder);
                DurableFile.write(folder.resolve(NodeIdentity.FILE), identity.text());
            });
        } catch (IOException e) {
            throw StorageFailure.of("the database folder " + root + " cannot be filled", e);
        }
    }

    /** Keeps data that is not wanted any more under a name that tells when and why; the folder is empty after it. */
    public Path setAside(String reason, Time time) throws StartFailure {
        String name = "aside-" + SECOND.format(time.instant()) + "-" + reason.replaceAll("[^A-Za-z0-9]+", "-");
        Path aside = root.resolve(name);
        for (int next = 2; Files.exists(aside); next++) {
            aside = root.resolve(name + "-" + next);
        }
        try {
            return Files.move(data(), aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw StorageFailure.of("the data in " + root + " cannot be set aside", e);
        }
    }

    /** Refuses data of another cluster, of nobody known, or of another series of the server. */
    void requireUsable(String cluster, Engine engine) throws IOException, StartFailure {
        if (isEmpty()) {
            throw new StartFailure("the database folder " + root + " is empty", "provision the node first");
        }
        NodeIdentity identity = identity()
                .orElseThrow(() -> new StartFailure(
                        "the data in " + data() + " has no " + NodeIdentity.FILE + ": it may be anybody's",
                        "move it away, or choose another data directory"));
        if (!identity.cluster().equals(cluster)) {
            throw new StartFailure(
                    "the data in " + data() + " belongs to node " + identity.node() + " of another cluster ("
                            + identity.cluster() + ", not " + cluster + ")",
                    "choose another data directory; to give the data up, move it away");
        }
        if (!identity.engine().sameSeries(engine.version())) {
            throw new StartFailure(
                    "the data in " + data() + " was last used by " + identity.engine() + ", the engine here is "
                            + engine.version(),
                    "start it with " + identity.engine()
                            + ", or set the data aside and provision the node from the others");
        }
    }

    /** The data is from now on that of this engine's version. */
    void recordEngine(EngineVersion version) throws IOException {
        Optional<NodeIdentity> identity = identity();
        if (identity.isPresent() && !identity.get().engine().equals(version)) {
            NodeIdentity now =
                    new NodeIdentity(identity.get().cluster(), identity.get().node(), version);
            DurableFile.write(data().resolve(NodeIdentity.FILE), now.text());
        }
    }

    /** In the folder; where that is too deep for a socket, in a new folder of its own that only this user can enter. */
    Path socket() throws IOException {
        Path inside = root.resolve(SOCKET);
        return inside.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET
                ? inside
                : Files.createTempDirectory("foobar-db").resolve(SOCKET);
    }

    void removeSocket(Path socket) throws IOException {
        if (socket.endsWith(SOCKET)) {
            Files.deleteIfExists(socket);
            Path folder = Objects.requireNonNull(socket.getParent(), "a socket has a folder");
            if (!folder.equals(root)) {
                Files.deleteIfExists(folder);
            }
        }
    }

    /** Removes everything, data included. */
    public void delete() throws IOException {
        FolderSync.delete(root);
    }
}
