package com.foobar.launcher;

import com.foobar.http.tier.TierMetrics;
import com.foobar.http.transport.Fabric;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.time.Time;
import com.foobar.launcher.supervise.Seat;
import com.foobar.launcher.topology.Instance;
import com.foobar.launcher.topology.Plans;
import com.foobar.launcher.topology.RoleName;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import com.foobar.lb.LoadBalancer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Puts a role on every seat: the one place where a role's name meets its class. */
final class Crew {
    private final List<Seat<?>> seats = new ArrayList<>();
    private final List<LoadBalancer> balancers = new ArrayList<>();

    Crew(Topology topology, Selection selection, Path data, Time time, Metrics metrics) {
        Fabric fabric = new Fabric(topology.fabric(), time);
        TierMetrics ofBalancers = new TierMetrics(metrics, "lb");
        List<Instance> outwards = selection.instances().stream()
                .sorted(Comparator.comparing(Instance::role).reversed())
                .toList();
        for (Instance instance : outwards) {
            seats.add(
                    instance.role() == RoleName.LB
                            ? balancer(topology, instance, data, time, ofBalancers, fabric)
                            : new Seat<>(instance, new Vacancy(instance.name()), Function.identity()));
        }
    }

    private Seat<?> balancer(
            Topology topology, Instance instance, Path data, Time time, TierMetrics metrics, Fabric fabric) {
        LoadBalancer balancer = new LoadBalancer(
                instance.name(),
                Plans.fleetIndex(topology, instance),
                Plans.balancer(topology, instance),
                data,
                time,
                metrics,
                fabric);
        balancers.add(balancer);
        return new Seat<>(instance, balancer, next -> Plans.balancer(next, instance));
    }

    /** From the database outwards, so that each tier finds the one behind it when it starts. */
    List<Seat<?>> seats() {
        return List.copyOf(seats);
    }

    /** Those of them that have pools an operator may order about. */
    List<LoadBalancer> balancers() {
        return List.copyOf(balancers);
    }
}
