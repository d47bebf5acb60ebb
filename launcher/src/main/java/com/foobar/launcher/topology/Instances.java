package com.foobar.launcher.topology;

import com.foobar.launcher.topology.Instance.Port;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Names and addresses every instance. Names count through the whole file, so that {@code web2} means the same on every
 * machine; ports count through one server.
 */
public final class Instances {
    private final Topology topology;
    private final Map<RoleName, Integer> named = new EnumMap<>(RoleName.class);
    private final List<Instance> instances = new ArrayList<>();

    private Instances(Topology topology) {
        this.topology = topology;
    }

    public static List<Instance> of(Topology topology) {
        Instances all = new Instances(topology);
        topology.servers().forEach(all::add);
        return List.copyOf(all.instances);
    }

    private void add(String serverName, Server server) {
        Map<RoleName, Integer> here = new EnumMap<>(RoleName.class);
        for (RoleName role : server.roles()) {
            int number = named.merge(role, 1, Integer::sum);
            int offset = here.merge(role, 1, Integer::sum) - 1;
            instances.add(
                    new Instance(role.shortName() + number, role, serverName, server.address(), ports(role, offset)));
        }
    }

    private List<Port> ports(RoleName role, int offset) {
        return switch (role) {
            case LB -> listeners();
            case WEBSERVER ->
                List.of(new Port("webserver.port", topology.webserver().fixed().port() + offset));
            case APPSERVER ->
                List.of(new Port("appserver.port", topology.appserver().fixed().port() + offset));
            case DATABASE_CLUSTER -> databasePorts(offset);
        };
    }

    private List<Port> databasePorts(int offset) {
        List<Port> open = new ArrayList<>();
        open.add(new Port("database-cluster.port", topology.databaseCluster().port() + offset));
        open.add(new Port(
                "database-cluster.quorum-port", topology.databaseCluster().quorumPort() + offset));
        return open;
    }

    private List<Port> listeners() {
        List<Port> open = new ArrayList<>();
        if (topology.lb().live().http() != 0) {
            open.add(new Port("lb.http", topology.lb().live().http()));
        }
        if (topology.lb().live().https() != 0) {
            open.add(new Port("lb.https", topology.lb().live().https()));
        }
        return open;
    }
}
