package com.foobar.launcher.topology;

import com.foobar.database.DatabasePlan;
import com.foobar.database.DatabasePlan.Member;
import com.foobar.database.model.NodeName;
import com.foobar.kernel.value.HostPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who holds data, who votes and where each is reached. Each machine with a database has one vote, and with an even number of them so
 * has the witness; where all is on one machine each node has one, which shows the votes but protects from nothing.
 */
public final class DatabaseLayout {
    /** The name of the seat that only votes. */
    public static final String WITNESS = "witness";

    private final Topology topology;
    private final List<Instance> nodes;

    private DatabaseLayout(Topology topology) {
        this.topology = topology;
        this.nodes = Instances.of(topology).stream()
                .filter(instance -> instance.role() == RoleName.DATABASE_CLUSTER)
                .toList();
    }

    public static DatabaseLayout of(Topology topology) {
        return new DatabaseLayout(topology);
    }

    /** The servers that hold data. */
    Set<String> holders() {
        Set<String> holders = new LinkedHashSet<>();
        nodes.forEach(node -> holders.add(node.server()));
        return holders;
    }

    /** The server that votes without holding data: the one named, or when the votes are even the first balancer's that holds none. */
    Optional<String> witness() {
        Optional<String> named = topology.databaseCluster().witness();
        if (named.isPresent() || holders().size() % 2 == 1) {
            return named;
        }
        return Instances.of(topology).stream()
                .filter(instance -> instance.role() == RoleName.LB)
                .map(Instance::server)
                .filter(server -> !holders().contains(server))
                .findFirst();
    }

    /** The seat of the witness in the process of this selection, if it is there. */
    public Optional<Instance> witnessAt(Selection here) {
        Optional<String> first = here.instances().stream().map(Instance::name).findFirst();
        return witness()
                .filter(here.server()::equals)
                // Of several processes on its machine the one that runs its first role.
                .filter(server -> Instances.of(topology).stream()
                        .filter(instance -> instance.server().equals(server))
                        .map(Instance::name)
                        .findFirst()
                        .equals(first))
                .map(server -> new Instance(
                        WITNESS,
                        RoleName.DATABASE_CLUSTER,
                        server,
                        address(server),
                        List.of(quorumPort(0), keeperPort())));
    }

    /** What the process of this selection runs of the cluster; nothing when neither a node nor the witness. */
    public Optional<DatabasePlan> plan(Selection here, DatabasePlan.Places places) {
        Set<String> nodesHere = new TreeSet<>();
        here.instances().stream().filter(nodes::contains).map(Instance::name).forEach(nodesHere::add);
        if (!takesPart(here)) {
            return Optional.empty();
        }
        SortedMap<NodeName, Member> members = new TreeMap<>();
        for (Instance node : nodes) {
            members.put(new NodeName(node.name()), member(node, !nodesHere.contains(node.name())));
        }
        Map<String, HostPort> voters = voters();
        boolean alone = isAlone();
        return Optional.of(new DatabasePlan(
                nodesHere.isEmpty() ? WITNESS : nodesHere.iterator().next(),
                topology.databaseCluster().name(),
                members,
                voters,
                alone ? voters.keySet() : Set.of(here.server()),
                alone && !hasReadersElsewhere(here) ? Optional.empty() : Optional.of(door(here.server())),
                doorsElsewhere(here),
                places,
                topology.databaseCluster()));
    }

    /** The servers whose processes reach each other's keepers, with their addresses; none where all is in one process. */
    Map<String, String> doors() {
        Map<String, String> doors = new LinkedHashMap<>();
        if (!isAlone()) {
            votingServers().forEach(server -> doors.put(server, address(server)));
        }
        return doors;
    }

    /** The doors of the processes elsewhere that have a vote. */
    public List<HostPort> doorsElsewhere(Selection here) {
        return votingServers().stream()
                .filter(server -> !server.equals(here.server()) || !takesPart(here))
                .map(this::door)
                .toList();
    }

    /** Whether the process of this selection holds data or votes. */
    public boolean takesPart(Selection here) {
        return here.instances().stream().anyMatch(nodes::contains)
                || witnessAt(here).isPresent();
    }

    /** Whether application servers run in other processes than this one. */
    private boolean hasReadersElsewhere(Selection here) {
        return Instances.of(topology).stream()
                .anyMatch(one ->
                        one.role() == RoleName.APPSERVER && !here.instances().contains(one));
    }

    boolean isStill(DatabaseLayout before) {
        return nodes.equals(before.nodes) && voters().equals(before.voters());
    }

    private boolean isAlone() {
        return holders().size() == 1 && witness().isEmpty();
    }

    private Member member(Instance node, boolean elsewhere) {
        return new Member(
                nodes.indexOf(node) + 1,
                new HostPort(node.address(), node.ports().get(0).number()),
                elsewhere ? Optional.of(door(node.server())) : Optional.empty());
    }

    Map<String, HostPort> voters() {
        Map<String, HostPort> voters = new LinkedHashMap<>();
        if (isAlone()) {
            for (Instance node : nodes) {
                voters.put(
                        node.name(),
                        new HostPort(node.address(), quorumPort(voters.size()).number()));
            }
            return voters;
        }
        votingServers()
                .forEach(server -> voters.put(
                        server, new HostPort(address(server), quorumPort(0).number())));
        return voters;
    }

    private List<String> votingServers() {
        List<String> servers = new ArrayList<>(holders());
        witness().ifPresent(servers::add);
        return servers;
    }

    private HostPort door(String server) {
        return new HostPort(address(server), keeperPort().number());
    }

    private String address(String server) {
        Server there = topology.servers().get(server);
        // The rules have refused a witness that is no server.
        return there == null ? "" : there.address();
    }

    Instance.Port quorumPort(int offset) {
        return new Instance.Port(
                "database-cluster.quorum-port", topology.databaseCluster().quorumPort() + offset);
    }

    Instance.Port keeperPort() {
        return new Instance.Port(
                "database-cluster.keeper-port", topology.databaseCluster().keeperPort());
    }
}
