package com.foobar.launcher.topology;

import java.util.List;

/**
 * One running thing that follows from the topology: {@code web2 on server web2 at 10.0.0.12:8081}.
 *
 * @param ports what it listens on, the main one first; empty only for a balancer with both listeners off
 */
public record Instance(String name, RoleName role, String server, String address, List<Port> ports) {

    /** A port and the key that changes it. */
    public record Port(String key, int number) {}

    public Instance {
        ports = List.copyOf(ports);
    }

    /** Whether this is the other after a reload. A balancer moves its ports while it runs; the rest stays where it is. */
    boolean isStill(Instance before) {
        return name.equals(before.name)
                && role == before.role
                && server.equals(before.server)
                && address.equals(before.address)
                && (role == RoleName.LB || ports.equals(before.ports));
    }

    /** As shown to people. */
    public String place() {
        return ports.isEmpty() ? address : address + ":" + ports.get(0).number();
    }
}
