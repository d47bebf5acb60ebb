package com.foobar.database;

import com.foobar.database.model.NodeName;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cluster as one process of it sees it.
 *
 * @param name of this role in the topology, for threads and logs
 * @param cluster the identity of the cluster: data, notes and records of another one are refused
 * @param nodes all database nodes
 * @param voters all voters of the quorum and where they listen; one coordinator runs beside each
 * @param votersHere those of this process; none on a machine that only holds data
 * @param door where the members on other machines reach this process; nothing when there are none
 * @param coordinators the doors of the processes elsewhere that have a voter
 */
public record DatabasePlan(
        String name,
        String cluster,
        SortedMap<NodeName, Member> nodes,
        Map<String, HostPort> voters,
        Set<String> votersHere,
        Optional<HostPort> door,
        List<HostPort> coordinators,
        Places places,
        DatabaseSettings settings) {

    /**
     * Where things are on this machine.
     *
     * @param data where this process keeps everything: data of its nodes, passwords, certificates, the quorum's log
     * @param cache engines and templates, shared by all clusters of this machine
     * @param path the folders in which a system server is looked for
     * @param bundles archives with a server, or folders of them
     */
    public record Places(Path data, Path cache, List<Path> path, List<Path> bundles) {

        public Places {
            path = List.copyOf(path);
            bundles = List.copyOf(bundles);
        }
    }

    /**
     * One database node.
     *
     * @param number the number that its writes carry; never given to another node later
     * @param at where applications and replicas reach its server
     * @param elsewhere the door of its keeper, when that is another process
     */
    public record Member(int number, HostPort at, Optional<HostPort> elsewhere) {}

    public DatabasePlan {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        voters = Collections.unmodifiableSortedMap(new TreeMap<>(voters));
        votersHere = Set.copyOf(votersHere);
        coordinators = List.copyOf(coordinators);
        if (!voters.keySet().containsAll(votersHere)) {
            throw new IllegalArgumentException(votersHere + " are not all among the voters " + voters.keySet());
        }
    }

    /** Nothing of the cluster is elsewhere: then it can be closed in order, and begins quickly again. */
    boolean isWhole() {
        return nodes.values().stream().allMatch(node -> node.elsewhere().isEmpty())
                && votersHere.containsAll(voters.keySet());
    }

    /** Those whose servers belong to this process. */
    List<NodeName> nodesHere() {
        return nodes.entrySet().stream()
                .filter(node -> node.getValue().elsewhere().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    Member member(NodeName node) {
        return Objects.requireNonNull(nodes.get(node), "a node of the plan");
    }

    Path folder() {
        return places.data().resolve("database");
    }

    SortedMap<NodeName, HostPort> addresses() {
        SortedMap<NodeName, HostPort> addresses = new TreeMap<>();
        nodes.forEach((name, node) -> addresses.put(name, node.at()));
        return addresses;
    }
}
