package com.foobar.launcher.admin;

import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.time.Time;
import com.foobar.launcher.supervise.Seat;
import com.foobar.launcher.supervise.Supervisor;
import com.foobar.launcher.topology.Instance;
import com.foobar.launcher.topology.Instances;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Server;
import com.foobar.launcher.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The picture of the stack as this process sees it: all servers and instances of the file, and the state of those here. */
public final class TopologyReport {
    private final Supplier<Topology> topology;
    private final Selection here;
    private final Supervisor supervisor;
    private final PoolDesk pools;
    private final DatabaseDesk database;
    private final Supplier<List<Map<String, ?>>> applications;
    private final Time time;
    private final long begun;

    public TopologyReport(
            Supplier<Topology> topology,
            Selection here,
            Supervisor supervisor,
            PoolDesk pools,
            DatabaseDesk database,
            Supplier<List<Map<String, ?>>> applications,
            Time time) {
        this.topology = topology;
        this.here = here;
        this.supervisor = supervisor;
        this.pools = pools;
        this.database = database;
        this.applications = applications;
        this.time = time;
        this.begun = time.nanos();
    }

    /** Facts in the shape of the JSON answer. */
    public Map<String, ?> facts() {
        Topology now = topology.get();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("site", now.site());
        facts.put("process", process());
        List<Object> servers = new ArrayList<>();
        now.servers().forEach((name, server) -> servers.add(server(name, server)));
        facts.put("servers", servers);
        facts.put("roles", Instances.of(now).stream().map(this::role).toList());
        facts.put("pools", pools.facts());
        facts.put("applications", applications.get());
        database.facts().ifPresent(cluster -> facts.put("database", cluster));
        return facts;
    }

    private Map<String, ?> process() {
        Map<String, Object> facts = new LinkedHashMap<>();
        Readiness readiness = supervisor.readiness();
        facts.put("server", here.server());
        facts.put("pid", ProcessHandle.current().pid());
        facts.put("upSeconds", (time.nanos() - begun) / 1_000_000_000L);
        facts.put("ready", readiness.ready());
        facts.put("reason", readiness.reason());
        return facts;
    }

    private static Map<String, ?> server(String name, Server server) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", name);
        facts.put("address", server.address());
        facts.put("roles", server.roles().stream().map(Object::toString).toList());
        return facts;
    }

    private Map<String, ?> role(Instance instance) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", instance.name());
        facts.put("role", instance.role().word());
        facts.put("server", instance.server());
        facts.put("address", instance.place());
        Optional<Seat<?>> seat = supervisor.seats().stream()
                .filter(one -> one.instance().name().equals(instance.name()))
                .findFirst();
        facts.put("here", seat.isPresent());
        seat.map(supervisor::readiness).ifPresent(readiness -> {
            facts.put("ready", readiness.ready());
            facts.put("reason", readiness.reason());
        });
        return facts;
    }
}
