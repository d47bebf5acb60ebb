package com.foobar.database.backup;

import com.foobar.database.account.Login;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.Target;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.embedded.DumpFile;
import com.foobar.database.embedded.DumpSource;
import com.foobar.database.embedded.Engine;
import com.foobar.database.embedded.NodeFolder;
import com.foobar.database.embedded.NodeIdentity;
import com.foobar.database.embedded.Provisioning;
import com.foobar.database.embedded.StorageFailure;
import com.foobar.database.storage.DurableFile;
import com.foobar.database.storage.FolderSync;
import com.foobar.database.storage.Hold;
import com.foobar.database.storage.Publication;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.tls.TrustStore;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Takes one backup of a node while it serves. */
public final class Backup {

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Duration NOBODY = Duration.ofSeconds(1);

    private final Engine engine;
    private final Path cache;
    private final Time time;

    /**
     * Whom it is taken of.
     *
     * @param why the choice, in words
     * @param epoch under whose primary
     * @param login of the duty BACKUP
     * @param trust who must have signed the node's certificate; nothing means a plain connection
     */
    public record Origin(
            String cluster,
            long epoch,
            String node,
            HostPort at,
            Login login,
            Optional<TrustStore> trust,
            String schema,
            String why) {}

    /**
     * What is wished.
     *
     * @param to the folder that backups lie in
     * @param keep how many of this cluster's to leave there; zero keeps all
     * @param verify whether it is loaded and compared
     * @param patience for each of dump, load and comparison, and a second more for each MiB of data
     */
    public record Wish(Path to, int keep, boolean verify, Duration patience) {}

    public Backup(Engine engine, Path cache, Time time) {
        this.engine = engine;
        this.cache = cache;
        this.time = time;
    }

    /** All of it or nothing; what was there before stays until this one is whole. */
    public String take(Origin origin, Wish wish) throws StartFailure, InterruptedException {
        String prefix = "foobar-" + origin.cluster() + "-";
        try {
            Path unused = DurableFile.secretFolder(wish.to());
            try (Hold hold = Hold.attempt(wish.to().resolve("." + prefix + "backup.lock"))
                    .orElse(null)) {
                if (hold == null) {
                    throw new StartFailure(
                            "another backup into " + wish.to() + " is under way", "wait until it is done");
                }
                // Under the lock each is of somebody dead.
                for (Path left : entries(wish.to(), "." + prefix)) {
                    if (Files.isDirectory(left)) {
                        FolderSync.delete(left);
                    }
                }
                Path target = wish.to().resolve(prefix + SECOND.format(time.instant()));
                if (Files.exists(target)) {
                    throw new StartFailure(target + " is there already", "try again in a second");
                }
                Manifest[] made = new Manifest[1];
                Path published =
                        Publication.publish(target, NOBODY, time, folder -> made[0] = fill(folder, origin, wish));
                Files.deleteIfExists(wish.to().resolve("." + target.getFileName() + ".lock"));
                return sentence(published, made[0], origin) + retain(wish, prefix);
            }
        } catch (IOException e) {
            throw StorageFailure.of("the backup into " + wish.to() + " cannot be written", e);
        }
    }

    private static String sentence(Path published, Manifest made, Origin origin) {
        long rows = made.tables().stream().mapToLong(TableSum::rows).sum();
        return published + ": " + made.bytes() + " bytes at " + made.position() + " from " + origin.node() + " ("
                + origin.why() + "); "
                + (made.verified()
                        ? "verified by a restore: " + made.tables().size() + " tables, " + rows + " rows"
                        : "not verified");
    }

    private Manifest fill(Path folder, Origin origin, Wish wish)
            throws IOException, InterruptedException, StartFailure {
        Target target = new Target(origin.at(), Dialects.MARIADB, origin.login(), origin.trust());
        try {
            return fill(folder, origin, wish, target, Snapshot.patience(target, origin.schema(), wish.patience()));
        } catch (NodeFailure e) {
            throw new StartFailure(
                    "the backup of " + origin.node() + " failed: " + e.getMessage(), "see that node's state", e);
        }
    }

    private Manifest fill(Path folder, Origin origin, Wish wish, Target target, Duration patience)
            throws IOException, InterruptedException, StartFailure, NodeFailure {
        DumpSource source = new DumpSource(
                origin.at(), origin.login(), origin.schema(), origin.trust().map(TrustStore::authority), patience);
        String taken = time.instant().toString();
        Path file = folder.resolve(Manifest.DUMP);
        Snapshot.Pinned pinned = Snapshot.pin(
                target, origin.schema(), patience, () -> DumpFile.begin(engine, source, folder, time), time);
        try (DumpFile dump = pinned.dump();
                Snapshot snapshot = pinned.snapshot()) {
            String position = dump.writeTo(file);
            if (!snapshot.isOf(position)) {
                throw new StartFailure(
                        "the dump of " + origin.node() + " stands at '" + position + "', not where it was to be taken ("
                                + snapshot.stand() + "): it cannot be compared with its source",
                        "try again");
            }
            List<String> tables = snapshot.tables();
            List<TableSum> sums = wish.verify() ? snapshot.sums(tables) : List.of();
            if (wish.verify()) {
                verify(folder, file, origin, patience, sums);
            }
            Manifest manifest = new Manifest(
                    origin.cluster(),
                    origin.epoch(),
                    origin.node(),
                    taken,
                    position,
                    snapshot.history(),
                    snapshot.server(),
                    origin.schema(),
                    sums,
                    Files.size(file),
                    Manifest.hash(file),
                    wish.verify());
            DurableFile.write(folder.resolve(Manifest.FILE), manifest.json());
            return manifest;
        }
    }

    private void verify(Path folder, Path file, Origin origin, Duration patience, List<TableSum> expected)
            throws IOException, InterruptedException, StartFailure {
        NodeFolder scratch = NodeFolder.at(folder.resolve("scratch"));
        try {
            List<String> answers = Provisioning.fromFile(
                    engine,
                    cache,
                    file,
                    patience,
                    scratch,
                    new NodeIdentity(origin.cluster(), "scratch", engine.version()),
                    Restore.questions(origin.schema(), expected),
                    Optional.empty(),
                    time);
            Restore.compare(origin.schema(), expected, answers);
        } finally {
            scratch.delete();
        }
    }

    /** Only ever of this cluster, only whole ones, and only after a new one is whole. */
    private static String retain(Wish wish, String prefix) throws IOException {
        List<Path> all = new ArrayList<>(entries(wish.to(), prefix));
        all.removeIf(
                one -> !one.getFileName().toString().substring(prefix.length()).matches("\\d{8}T\\d{6}Z")
                        || !Files.isRegularFile(one.resolve(Manifest.FILE)));
        int surplus = wish.keep() == 0 ? 0 : Math.max(0, all.size() - wish.keep());
        for (Path old : all.subList(0, surplus)) {
            FolderSync.delete(old);
        }
        return surplus == 0 ? "" : "; " + surplus + " older removed";
    }

    /** Oldest first: the names end in the time. */
    private static List<Path> entries(Path folder, String prefix) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(one -> one.getFileName().toString().startsWith(prefix))
                    .sorted(Comparator.comparing(one -> one.getFileName().toString()))
                    .toList();
        }
    }
}
