package com.foobar.launcher;

import com.foobar.http.tier.PoolStation;
import com.foobar.http.tier.TierMetrics;
import com.foobar.http.transport.Fabric;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.time.Time;
import com.foobar.launcher.supervise.Seat;
import com.foobar.launcher.topology.Instance;
import com.foobar.launcher.topology.Plans;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import com.foobar.lb.LoadBalancer;
import com.foobar.webserver.WebMetrics;
import com.foobar.webserver.WebPlan;
import com.foobar.webserver.WebServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Puts a role on every seat: the one place where a role's name meets its class. */
final class Crew {
    private final Topology topology;
    private final Selection selection;
    private final Path data;
    private final Time time;
    private final Fabric fabric;
    private final TierMetrics ofBalancers;
    private final TierMetrics ofWebServers;
    private final List<Seat<?>> seats = new ArrayList<>();
    private final List<Supplier<List<PoolStation>>> stations = new ArrayList<>();

    Crew(Topology topology, Selection selection, Path data, Time time, Metrics metrics) {
        this.topology = topology;
        this.selection = selection;
        this.data = data;
        this.time = time;
        this.fabric = new Fabric(topology.fabric(), time);
        this.ofBalancers = new TierMetrics(metrics, "lb");
        this.ofWebServers = WebMetrics.of(metrics);
        selection.instances().stream()
                .sorted(Comparator.comparing(Instance::role).reversed())
                .forEach(instance -> seats.add(seat(instance)));
    }

    private Seat<?> seat(Instance instance) {
        return switch (instance.role()) {
            case LB -> balancer(instance);
            case WEBSERVER -> webServer(instance);
            case APPSERVER, DATABASE_CLUSTER -> new Seat<>(instance, new Vacancy(instance.name()), Function.identity());
        };
    }

    private Seat<?> balancer(Instance instance) {
        LoadBalancer balancer = new LoadBalancer(
                instance.name(),
                Plans.fleetIndex(topology, instance),
                Plans.balancer(topology, instance),
                data,
                time,
                ofBalancers,
                fabric);
        stations.add(balancer::stations);
        return new Seat<>(instance, balancer, next -> Plans.balancer(next, instance));
    }

    private Seat<?> webServer(Instance instance) {
        Function<Topology, WebPlan> plan =
                next -> Plans.webServer(next, instance, selection).withRoots(Crew::found);
        WebServer web = new WebServer(
                instance.name(),
                Plans.fleetIndex(topology, instance),
                plan.apply(topology),
                data,
                time,
                ofWebServers,
                fabric);
        stations.add(web::stations);
        return new Seat<>(instance, web, plan);
    }

    /** A folder of the working directory, else of the installation: the program runs from anywhere. */
    private static Path found(Path folder) {
        Path here = folder.toAbsolutePath();
        Path installed = Program.home().resolve(folder);
        return !Files.exists(here) && Files.exists(installed) ? installed : here;
    }

    /** From the database outwards, so that each tier finds the one behind it when it starts. */
    List<Seat<?>> seats() {
        return List.copyOf(seats);
    }

    /** The pools an operator may order about. */
    List<PoolStation> stations() {
        return stations.stream().flatMap(some -> some.get().stream()).toList();
    }
}
