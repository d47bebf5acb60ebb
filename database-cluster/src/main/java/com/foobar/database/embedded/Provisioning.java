package com.foobar.database.embedded;

import com.foobar.database.storage.DurableFile;
import com.foobar.database.storage.FolderSync;
import com.foobar.database.storage.Hold;
import com.foobar.database.storage.Publication;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives an empty node its data. Afterwards it is a node like any other, which has yet to be started and to follow. */
public final class Provisioning {

    /** What belongs to the node copied from: whom it followed, what it had received, and what is made anew. */
    private static final Set<String> OF_THE_DONOR = Set.of(
            NodeIdentity.FILE,
            "master.info",
            "multi-master.info",
            "relay-log.info",
            "ib_buffer_pool",
            "ibtmp1",
            "auto.cnf",
            "tc.log");

    private Provisioning() {}

    /** An empty database with an empty history: for all nodes of a new cluster, which then need no copy of anything. */
    public static void fromTemplate(Engine engine, Path cache, NodeFolder folder, NodeIdentity identity, Time time)
            throws StartFailure, InterruptedException {
        Path template = template(engine, cache, folder, time);
        provision(folder, identity, time, data -> FolderSync.copy(template, data, file -> true));
    }

    /**
     * A copy of a node that has been stopped; the quickest and exact. The new node stands where the donor stood. Binary logs come along,
     * so that it can serve as a source of the same past.
     */
    public static void fromDonor(NodeFolder donor, NodeFolder folder, NodeIdentity identity, Time time)
            throws StartFailure, InterruptedException {
        try (Hold hold = Hold.attempt(donor.lock()).orElse(null)) {
            NodeIdentity of = donor.identity().orElse(null);
            // Files of a running server do not belong together, even with all its tables locked.
            if (hold == null || Orphan.lives(donor)) {
                throw new StartFailure(
                        "the database node in " + donor.root() + " is running and cannot be copied", "stop it first");
            }
            if (of == null
                    || !of.cluster().equals(identity.cluster())
                    || !of.engine().equals(identity.engine())) {
                throw new StartFailure(
                        "the data in " + donor.root() + " is not of cluster " + identity.cluster() + " and "
                                + identity.engine(),
                        "copy from a node of the same cluster and engine, or provision by a dump");
            }
            provision(folder, identity, time, data -> FolderSync.copy(donor.data(), data, Provisioning::isCopied));
        } catch (IOException e) {
            throw StorageFailure.of("the database node in " + donor.root() + " cannot be copied", e);
        }
    }

    /** What another node dumps over the network while it serves; slower, but from any host and any version. */
    public static void fromDump(
            Engine engine, Path cache, DumpSource source, NodeFolder folder, NodeIdentity identity, Time time)
            throws StartFailure, InterruptedException {
        Path template = template(engine, cache, folder, time);
        provision(folder, identity, time, data -> {
            FolderSync.copy(template, data, file -> true);
            DumpLoad.run(engine, source, folder, data, time);
            // The dump's position comes as orders to a replica, which leave files that know neither source nor relay
            // log of the node.
            FolderSync.prune(data, Provisioning::isCopied);
        });
    }

    /**
     * What a backup holds, whole and of the right content as its caller has seen.
     *
     * @param questions asked of the loaded data before it is anybody's
     * @param replay what is applied to it after the questions
     * @return the lines of the answers
     */
    public static List<String> fromFile(
            Engine engine,
            Path cache,
            Path dump,
            Duration patience,
            NodeFolder folder,
            NodeIdentity identity,
            List<String> questions,
            Optional<LogReplay> replay,
            Time time)
            throws StartFailure, InterruptedException {
        Path template = template(engine, cache, folder, time);
        List<String> answers = new ArrayList<>();
        provision(folder, identity, time, data -> {
            FolderSync.copy(template, data, file -> true);
            DumpFile.Afterwards afterwards = (client, socket) -> {
                if (replay.isPresent()) {
                    replay.get().run(engine, cache, folder, client, socket, patience, time);
                }
            };
            answers.addAll(DumpFile.load(engine, dump, patience, folder, data, questions, afterwards, time));
            FolderSync.prune(data, Provisioning::isCopied);
        });
        return answers;
    }

    private static Path template(Engine engine, Path cache, NodeFolder folder, Time time)
            throws StartFailure, InterruptedException {
        try {
            DurableFile.secretFolder(folder.root());
            return BootstrapTemplate.data(engine, cache, Superuser.isMe(folder.root()), time);
        } catch (IOException e) {
            throw StorageFailure.of("the database folder " + folder.root() + " cannot be made", e);
        }
    }

    private static void provision(NodeFolder folder, NodeIdentity identity, Time time, Publication.Filling filling)
            throws StartFailure, InterruptedException {
        try {
            DurableFile.secretFolder(folder.root());
            try (Hold hold = Hold.attempt(folder.lock()).orElse(null)) {
                if (hold == null) {
                    throw new StartFailure(
                            "the database folder " + folder.root() + " is in use", "end what uses it, then try again");
                }
                Orphan.end(folder, time);
                folder.provision(identity, time, filling);
            }
        } catch (IOException e) {
            throw StorageFailure.of("the database folder " + folder.root() + " cannot be filled", e);
        }
    }

    private static boolean isCopied(Path file) {
        String name = file.getFileName().toString();
        return !OF_THE_DONOR.contains(name) && !name.startsWith("relay.") && !name.endsWith(".pid");
    }
}
