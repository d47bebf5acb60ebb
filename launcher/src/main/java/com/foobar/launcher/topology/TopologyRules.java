package com.foobar.launcher.topology;

import com.foobar.appserver.session.SessionSettings;
import com.foobar.database.model.Policy;
import com.foobar.kernel.config.Problems;
import com.foobar.launcher.topology.Instance.Port;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What no single key can tell: topologies that cannot work, and those that work until something breaks. */
final class TopologyRules {
    private final Topology topology;
    private final Problems problems;
    private final List<Instance> instances;

    private TopologyRules(Topology topology, Problems problems) {
        this.topology = topology;
        this.problems = problems;
        this.instances = Instances.of(topology);
    }

    static void check(Topology topology, Problems problems) {
        if (topology.servers().isEmpty()) {
            problems.error("servers", "there is no server, expected at least one with its address and roles");
            return;
        }
        TopologyRules rules = new TopologyRules(topology, problems);
        rules.everyRoleHasAServer();
        rules.aBalancerListens();
        rules.oneBalancerForEachServer();
        rules.portsAreTheirOwn();
        rules.votesCanBeWon();
        rules.prioritiesAreOfNodes();
        rules.oneBalancerIsNotTwo();
        rules.sessionsAreFound();
        rules.trafficIsEncrypted();
    }

    private void everyRoleHasAServer() {
        for (RoleName role : RoleName.values()) {
            if (serversWith(role).isEmpty()) {
                problems.error("servers", "no server has the role " + role.word() + ", add it to the roles of one");
            }
        }
    }

    private void aBalancerListens() {
        if (topology.lb().live().http() == 0 && topology.lb().live().https() == 0) {
            problems.error("lb.http", "lb.http and lb.https are both 0, so nobody could reach the site");
        }
    }

    /** Two would need two pairs of ports; one takes all the cores it is given anyway. */
    private void oneBalancerForEachServer() {
        topology.servers().forEach((name, server) -> {
            if (server.roles().stream().filter(RoleName.LB::equals).count() > 1) {
                problems.error(Problems.key("servers", name, "roles"), "one balancer for each server is the most");
            }
        });
    }

    /** Machines are told apart by address: two servers on one address share its ports. */
    private void portsAreTheirOwn() {
        Map<String, String> owners = new HashMap<>();
        for (Instance instance : instances) {
            for (Port port : instance.ports()) {
                if (port.number() > 65_535) {
                    problems.error(
                            port.key(),
                            instance.name() + " would listen on " + port.number() + ", the last port is 65535");
                }
                claim(owners, instance.address(), port, instance.name() + " on server " + instance.server());
            }
        }
        DatabaseLayout database = DatabaseLayout.of(topology);
        database.doors()
                .forEach((server, address) ->
                        claim(owners, address, database.keeperPort(), "the keepers' door of server " + server));
        Port admin = new Port("admin.port", topology.admin().port());
        topology.servers().values().stream()
                .filter(server -> server.address().equals(topology.admin().address()))
                .findFirst()
                .ifPresent(server -> claim(owners, server.address(), admin, "the admin port"));
    }

    private void claim(Map<String, String> owners, String address, Port port, String claimant) {
        String place = address + ":" + port.number();
        String owner = owners.putIfAbsent(place, claimant);
        if (owner != null) {
            problems.error(port.key(), claimant + " and " + owner + " would both listen on " + place);
        }
    }

    /** An even number of voters loses its majority with half of them; two lose it with one. */
    private void votesCanBeWon() {
        Set<String> voters = serversWith(RoleName.DATABASE_CLUSTER);
        topology.databaseCluster().witness().ifPresent(this::witnessIsAServer);
        if (voters.size() == 2 && DatabaseLayout.of(topology).witness().isEmpty()) {
            problems.error(
                    "database-cluster.witness",
                    "two database servers (" + String.join(", ", voters)
                            + ") cannot outvote the loss of one, name a third server that votes without holding data");
        }
        long nodes = count(RoleName.DATABASE_CLUSTER);
        if (nodes == 1) {
            problems.warning("servers", "one database node: without a replica its loss is the loss of the data");
            if (topology.databaseCluster().mode().equals(Optional.of(Policy.Mode.STRICT))) {
                problems.error(
                        "database-cluster.mode",
                        "strict",
                        "two database nodes or more: a single one has nobody to acknowledge its writes, and each would wait for"
                                + " ever; or leave the key out");
            }
        } else if (nodes == 2) {
            problems.warning("servers", "two database nodes: while the replica is away, writes wait for it");
        }
    }

    private void witnessIsAServer(String name) {
        if (!topology.servers().containsKey(name)) {
            problems.error(
                    "database-cluster.witness",
                    name,
                    "one of the servers " + String.join(", ", topology.servers().keySet()));
        } else if (serversWith(RoleName.DATABASE_CLUSTER).contains(name)) {
            problems.error(
                    "database-cluster.witness", name, "a server that holds no database: its vote would count twice");
        }
    }

    private void prioritiesAreOfNodes() {
        Map<String, Integer> priorities = topology.databaseCluster().priorities();
        Set<String> nodes = instances.stream()
                .filter(instance -> instance.role() == RoleName.DATABASE_CLUSTER)
                .map(Instance::name)
                .collect(Collectors.toCollection(TreeSet::new));
        priorities.keySet().stream()
                .filter(name -> !nodes.contains(name))
                .forEach(name -> problems.error(
                        Problems.key("database-cluster", "priorities", name),
                        "there is no database node " + name + ", there are " + String.join(", ", nodes)));
        if (!nodes.isEmpty()
                && nodes.stream().allMatch(name -> Integer.valueOf(0).equals(priorities.get(name)))) {
            problems.error(
                    "database-cluster.priorities",
                    "all nodes have priority 0, so that none could ever be primary; leave out at least one of them");
        }
    }

    private void oneBalancerIsNotTwo() {
        if (topology.servers().size() > 1 && count(RoleName.LB) == 1) {
            problems.warning("servers", "one load balancer: the site is gone while it is");
        }
    }

    private void sessionsAreFound() {
        boolean inMemory = topology.appserver().keeping().sessions() == SessionSettings.Store.MEMORY;
        if (inMemory
                && count(RoleName.APPSERVER) > 1
                && topology.lb().live().sticky().isEmpty()) {
            problems.warning(
                    "appserver.sessions",
                    "each session is in the memory of one of several application servers and nothing leads its client back"
                            + " there: give lb.sticky.key, or keep sessions in the cluster");
        }
    }

    private void trafficIsEncrypted() {
        if (topology.lb().live().https() == 0) {
            problems.warning("lb.https", "HTTPS is off: passwords and cookies travel in the open");
        } else if (topology.lb().live().certificates().isEmpty() && !balancersAreLocal()) {
            problems.warning("lb.certificates", "none is given, and no browser trusts the development authority's");
        }
    }

    private boolean balancersAreLocal() {
        return instances.stream()
                .filter(instance -> instance.role() == RoleName.LB)
                .allMatch(instance -> instance.address().startsWith("127."));
    }

    private long count(RoleName role) {
        return instances.stream().filter(instance -> instance.role() == role).count();
    }

    private Set<String> serversWith(RoleName role) {
        return instances.stream()
                .filter(instance -> instance.role() == role)
                .map(Instance::server)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
