package com.foobar.database.backup;

import com.foobar.database.embedded.Engine;
import com.foobar.database.embedded.HistorySeed;
import com.foobar.database.embedded.LogReplay;
import com.foobar.database.embedded.NodeFolder;
import com.foobar.database.embedded.NodeIdentity;
import com.foobar.database.embedded.Provisioning;
import com.foobar.database.embedded.StorageFailure;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns a backup into the data of a cluster that is not yet founded: its next start founds it from there. */
public final class Restore {

    private static final Duration PATIENCE = Duration.ofHours(12);
    private static final String PASSWORDS = "passwords";

    private Restore() {}

    /**
     * Fills all nodes of this machine alike.
     *
     * @param database the folder of the nodes' folders
     * @param wish how much further than the backup
     * @param schema the one that the cluster is configured with: its accounts may read no other
     */
    public static String run(
            Path backup,
            Engine engine,
            Path cache,
            Path database,
            String cluster,
            String schema,
            List<String> nodes,
            Optional<PointInTime> wish,
            Time time)
            throws StartFailure, InterruptedException {
        Manifest manifest = Manifest.ofWhole(backup);
        requireFitting(manifest, cluster, schema);
        requireEmpty(database);
        LogCut.Piece piece = wish.isPresent()
                ? LogCut.of(manifest, wish.get())
                : new LogCut.Piece(Optional.empty(), List.of(), manifest.history(), "");
        Optional<LogReplay> replay = piece.until().map(until -> new LogReplay(piece.files(), until.toString()));
        List<NodeFolder> made = new ArrayList<>();
        boolean whole = false;
        try {
            for (String name : nodes) {
                NodeFolder folder = NodeFolder.at(database.resolve(name));
                made.add(folder);
                NodeIdentity identity = new NodeIdentity(cluster, name, engine.version());
                if (made.size() > 1) {
                    Provisioning.fromDonor(made.get(0), folder, identity, time);
                } else {
                    List<String> answers = Provisioning.fromFile(
                            engine,
                            cache,
                            backup.resolve(Manifest.DUMP),
                            PATIENCE,
                            folder,
                            identity,
                            questions(schema, manifest.tables()),
                            replay,
                            time);
                    compare(schema, manifest.tables(), answers);
                }
                seed(folder, piece.history());
            }
            whole = true;
        } finally {
            if (!whole) {
                remove(made);
            }
        }
        return "restored " + backup + " into " + String.join(", ", nodes) + " of " + database + ", at "
                + manifest.position() + " (" + manifest.taken() + ")" + piece.words()
                + "; the next run begins the cluster from it";
    }

    private static void seed(NodeFolder folder, String history) throws StartFailure {
        try {
            HistorySeed.write(folder, history);
        } catch (IOException e) {
            throw StorageFailure.of("what " + folder.root() + " holds cannot be noted", e);
        }
    }

    private static void requireFitting(Manifest manifest, String cluster, String schema) throws StartFailure {
        if (!manifest.cluster().equals(cluster)) {
            throw new StartFailure(
                    "the backup is of cluster " + manifest.cluster() + ", not " + cluster,
                    "set database-cluster.name to " + manifest.cluster() + ", or name another backup");
        }
        if (!manifest.schema().equals(schema)) {
            throw new StartFailure(
                    "the backup is of schema " + manifest.schema() + ", not " + schema,
                    "set database-cluster.schema to " + manifest.schema());
        }
    }

    /** Beside old data or an old record of the quorum a restored node would be taken for one that lost its writes. */
    private static void requireEmpty(Path database) throws StartFailure {
        if (!Files.exists(database)) {
            return;
        }
        try (Stream<Path> there = Files.list(database)) {
            List<String> others = there.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(PASSWORDS))
                    .sorted()
                    .toList();
            if (!others.isEmpty()) {
                throw new StartFailure(
                        database + " is not empty (" + String.join(", ", others) + "); nothing was touched",
                        "stop the cluster and keep the old data aside: mv " + database + " " + database
                                + ".aside; then copy " + PASSWORDS + " back if it was in it, and restore again");
            }
        } catch (IOException e) {
            throw new StartFailure(database + " cannot be read: " + e, "make it readable", e);
        }
    }

    private static void remove(List<NodeFolder> made) throws StartFailure {
        for (NodeFolder folder : made) {
            try {
                folder.delete();
            } catch (IOException e) {
                throw new StartFailure(
                        "what was half restored in " + folder.root() + " cannot be removed", "remove it by hand", e);
            }
        }
    }

    static List<String> questions(String schema, List<TableSum> expected) {
        List<String> questions = new ArrayList<>();
        for (TableSum one : expected) {
            questions.add(Snapshot.countQuestion(schema, one.table()) + ";");
            questions.add(Snapshot.sumQuestion(schema, one.table()) + ";");
        }
        return questions;
    }

    /** PURE. Two lines of answers for each table. */
    static void compare(String schema, List<TableSum> expected, List<String> answers) throws StartFailure {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            TableSum one = expected.get(i);
            String rows = 2 * i < answers.size() ? answers.get(2 * i) : "none";
            String line = 2 * i + 1 < answers.size() ? answers.get(2 * i + 1) : "";
            String sum = line.substring(line.lastIndexOf('\t') + 1);
            if (!rows.equals(Long.toString(one.rows())) || !sum.equals(one.checksum())) {
                differences.add(schema + "." + one.table() + " (rows " + rows + " instead of " + one.rows()
                        + ", checksum " + sum + " instead of " + one.checksum() + ")");
            }
        }
        if (!differences.isEmpty() || answers.size() != 2 * expected.size()) {
            throw new StartFailure(
                    "what was loaded is not what was dumped: " + String.join(", ", differences),
                    "look for columns whose values do not survive as text (FLOAT), or for tables that are not InnoDB");
        }
    }
}
