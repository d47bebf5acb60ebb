package com.foobar.database;

import com.foobar.database.account.Passwords;
import com.foobar.database.embedded.Durability;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Range;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.value.ByteSize;
import com.foobar.kernel.value.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The {@code database-cluster} section. */
public record DatabaseSettings(
        @Doc("The cluster's identity: data of another cluster is refused.") @Default("foobar") String name,
        @Doc(
                        "Who runs the database servers: embedded starts them as processes of its own, external leaves that to the machine's service manager.")
                @Default("embedded")
                Kind engine,
        @Doc("How the server of this machine is run, for engine external.") ServiceSettings service,
        @Doc("The port of the first database node on a machine; further ones take the ports after it.")
                @Default("33061")
                @Range(min = 1, max = 65_535, of = "a port")
                int port,
        @Doc(
                        "Where the coordinators agree with each other on who leads; further ones on a machine take the ports after it."
                                + " Not opened where all are in one process.")
                @Default("33161")
                @Range(min = 1, max = 65_535, of = "a port")
                int quorumPort,
        @Doc("Where the coordinators of other machines reach the keepers of this one.")
                @Default("33261")
                @Range(min = 1, max = 65_535, of = "a port")
                int keeperPort,
        @Doc(
                        "The server that votes without holding data when the database servers are even in number; by default a balancer's.")
                Optional<String> witness,
        @Doc("A mariadbd, or the folder it is installed in; by default the system's, else the bundled one.")
                Optional<Path> server,
        @Doc(
                        "What all passwords of the cluster are made from, the same on every machine; by default they are generated and kept in the data directory.")
                Optional<Secret> secret,
        @Doc("TLS between the machines of the database and to their clients.") Optional<TlsSettings> tls,
        @Doc("The schema of the application, made when the cluster begins.") @Default("app") String schema,
        @Doc(
                        "What happens to writes when no replica can acknowledge: strict lets them wait, available answers them and says so. By default strict; available for a single database node.")
                Optional<Policy.Mode> mode,
        @Doc(
                        "What an acknowledged write survives on its own node: durable the loss of the host, demo the death of the process only.")
                @Default("durable")
                Durability durability,
        @Doc("The memory of each node for its data.") @Default("64MiB") ByteSize bufferPool,
        @Doc("The most connections that a node takes.")
                @Default("200")
                @Range(min = 10, max = 100_000, of = "a number of connections")
                int connections,
        @Doc("How long a primary must be silent before that counts as a fault; the end of its process counts at once.")
                @Default("250ms")
                Duration suspicion,
        @Doc(
                        "How long a failover waits for what is missing before it is refused, and a silent replica is still counted on.")
                @Default("1s")
                Duration patience,
        @Doc("How soon after a failover silence alone is not enough for the next one; an ended process always is.")
                @Default("30s")
                Duration minimumInterval,
        @Doc("How long a keeper lets its server take writes without hearing from the coordinator that leads.")
                @Default("2s")
                Duration keeperLease,
        @Doc("Beyond this lag a replica serves no reads.") @Default("5s") Duration lagLimit,
        @Doc("How long application servers believe who is primary without news.") @Default("3s") Duration validity,
        @Doc(
                        "Which node is preferred as primary among those that hold as much: the highest; 1 where none is given, and 0 is never made primary.")
                @Range(min = 0, max = 1_000_000, of = "a priority")
                Map<String, Integer> priorities,
        @Doc("The binary logs of the nodes, which replicas and restores to a point in time read.") LogSettings logs) {

    public DatabaseSettings {
        priorities = Map.copyOf(priorities);
    }

    /** Who runs the database servers. */
    public enum Kind {
        EMBEDDED,
        EXTERNAL
    }

    /** The passwords of all accounts, as the nodes know them and applications need them. */
    public Passwords passwords(Path data) throws StartFailure {
        return secret.isPresent()
                ? Passwords.derivedFrom(secret.get())
                : Passwords.in(data.resolve("database").resolve("passwords"), new SecureRandom());
    }

    /**
     * What the operator decided, for the decisions.
     *
     * @param nodes of the cluster, to which a single one has nobody who could acknowledge
     */
    public Policy policy(int nodes) {
        Map<NodeName, Integer> named = new HashMap<>();
        priorities.forEach((node, priority) -> named.put(new NodeName(node), priority));
        return new Policy(
                mode.orElse(nodes > 1 ? Policy.Mode.STRICT : Policy.Mode.AVAILABLE),
                Policy.DEFAULT.acks(),
                suspicion,
                patience,
                minimumInterval,
                keeperLease,
                keeperLease.dividedBy(10),
                lagLimit,
                validity,
                named);
    }
}
