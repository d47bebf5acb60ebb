package com.foobar.database.keeper;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.act.Bounds;
import com.foobar.database.act.Target;
import com.foobar.database.dialect.Dialect;
import com.foobar.database.dialect.Source;
import com.foobar.database.embedded.DumpSource;
import com.foobar.database.model.NodeName;
import com.foobar.kernel.tls.TrustStore;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a keeper is told.
 *
 * @param cluster the identity of the cluster; data and notes of another one are refused
 * @param notes the file of what it must not forget, on the disk of the data
 * @param addresses of all database nodes of the cluster, as replicas are told them
 * @param logins at least those of COORDINATOR, REPLICATION and BACKUP
 * @param schema the application's, which a dump is made of
 * @param trust who must have signed a server's certificate, as the driver reads it; nothing means plain connections
 * @param authority the same, as a server reads it
 */
public record KeeperPlan(
        NodeName name,
        String cluster,
        Path notes,
        Dialect dialect,
        Map<NodeName, HostPort> addresses,
        Map<Duty, Login> logins,
        String schema,
        Optional<TrustStore> trust,
        Optional<Path> authority,
        Limits limits) {

    /**
     * How long things may take.
     *
     * @param lease as long as the coordinator grants, from which the rhythm of renewals follows
     * @param look one look at the server
     * @param answer one statement of an order
     * @param drain what a promotion waits for the last transactions to be applied
     * @param demotion what the commits under way may take when writes are closed
     * @param stop a server's own shutdown, before it is killed
     * @param dump dump and load of a whole node
     * @param logs how old binary logs may get that nobody needs to follow
     */
    public record Limits(
            Duration lease,
            Duration look,
            Duration answer,
            Duration drain,
            Duration demotion,
            Duration stop,
            Duration dump,
            Duration logs) {
        public static final Limits DEFAULT = new Limits(
                Duration.ofSeconds(1),
                Duration.ofMillis(250),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofHours(4),
                Duration.ofDays(3));
    }

    public KeeperPlan {
        addresses = Map.copyOf(addresses);
        logins = Map.copyOf(logins);
    }

    /** As the account that may do everything a keeper does: its threads' numbers are hidden from the monitoring account. */
    Target target(HostPort at) {
        return new Target(at, dialect, login(Duty.COORDINATOR), trust);
    }

    Bounds lookBounds() {
        return new Bounds(limits.look(), limits.look());
    }

    Bounds orderBounds() {
        return new Bounds(limits.look(), limits.answer());
    }

    Source source(NodeName node) {
        return new Source(address(node), login(Duty.REPLICATION), authority);
    }

    DumpSource dumpSource(NodeName node) {
        return new DumpSource(address(node), login(Duty.BACKUP), schema, authority, limits.dump());
    }

    HostPort address(NodeName node) {
        HostPort address = addresses.get(node);
        if (address == null) {
            throw new IllegalArgumentException(node + " is no node of this cluster, which has "
                    + addresses.keySet().stream().sorted().toList());
        }
        return address;
    }

    /** The node at an address that a server names; where it is none of ours, the address itself. */
    NodeName nodeAt(HostPort at) {
        return addresses.entrySet().stream()
                .filter(entry -> entry.getValue().equals(at))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> {
                    String text = at.toString();
                    return new NodeName(text.substring(0, Math.min(text.length(), 63)));
                });
    }

    private Login login(Duty duty) {
        Login login = logins.get(duty);
        if (login == null) {
            throw new IllegalArgumentException("a keeper needs the login of " + duty);
        }
        return login;
    }
}
