package com.foobar.launcher.topology;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which instances of the topology this process runs. */
public record Selection(String server, List<Instance> instances) {

    /** The words of the command line do not fit the topology. */
    public static final class Impossible extends Exception {
        private static final long serialVersionUID = 1L;

        Impossible(String message) {
            super(message);
        }
    }

    public Selection {
        instances = List.copyOf(instances);
    }

    /**
     * What the words of the command line choose.
     *
     * @param server the name given, or empty: then the topology's only server
     * @param roles the roles wanted, or empty for all the server has
     */
    public static Selection of(Topology topology, String server, Set<RoleName> roles) throws Impossible {
        String name = server.isEmpty() ? only(topology) : known(topology, server);
        List<Instance> there = Instances.of(topology).stream()
                .filter(instance -> instance.server().equals(name))
                .toList();
        Set<RoleName> has = there.stream().map(Instance::role).collect(Collectors.toCollection(TreeSet::new));
        for (RoleName role : roles) {
            if (!has.contains(role)) {
                throw new Impossible("--role " + role + ": server " + name + " has no such role, it has "
                        + has.stream().map(RoleName::word).collect(Collectors.joining(", ")));
            }
        }
        return new Selection(
                name,
                there.stream()
                        .filter(instance -> roles.isEmpty() || roles.contains(instance.role()))
                        .toList());
    }

    private static String only(Topology topology) throws Impossible {
        if (topology.servers().size() == 1) {
            return topology.servers().keySet().iterator().next();
        }
        throw new Impossible("the topology has " + topology.servers().size()
                + " servers: say which one this machine is with --server " + names(topology));
    }

    private static String known(Topology topology, String server) throws Impossible {
        if (topology.servers().containsKey(server)) {
            return server;
        }
        throw new Impossible("--server " + server + ": no such server, expected one of " + names(topology));
    }

    private static String names(Topology topology) {
        return String.join(", ", topology.servers().keySet());
    }
}
