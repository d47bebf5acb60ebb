package com.foobar.launcher.topology;

import com.foobar.lb.LbPlan;
import com.foobar.webserver.WebPlan;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What each role has to know of the topology, cut out for it. */
public final class Plans {

    private Plans() {}

    public static LbPlan balancer(Topology topology, Instance balancer) {
        return new LbPlan(topology.lb(), topology.site(), balancer.address(), web(topology), topology.expose());
    }

    private static List<LbPlan.Member> web(Topology topology) {
        return with(topology, RoleName.WEBSERVER)
                .map(web ->
                        member(web, Objects.requireNonNull(topology.servers().get(web.server()))))
                .toList();
    }

    private static LbPlan.Member member(Instance web, Server server) {
        return new LbPlan.Member(
                web.name(), web.address(), web.ports().get(0).number(), server.weight(), server.backup());
    }

    public static WebPlan webServer(Topology topology, Instance web) {
        Set<String> hosts = new LinkedHashSet<>(List.of(topology.site()));
        hosts.addAll(topology.lb().live().hosts());
        with(topology, RoleName.LB).forEach(balancer -> hosts.add(balancer.address()));
        if (hosts.stream().anyMatch(host -> host.startsWith("127."))) {
            hosts.add("localhost");
        }
        return new WebPlan(
                topology.webserver(),
                List.copyOf(hosts),
                web.address(),
                web.ports().get(0).number(),
                with(topology, RoleName.LB).map(Instance::address).toList(),
                with(topology, RoleName.APPSERVER)
                        .map(app -> new WebPlan.Member(
                                app.name(),
                                app.address(),
                                app.ports().get(0).number(),
                                app.server().equals(web.server())))
                        .toList(),
                topology.expose());
    }

    /** The place of this instance among all of its role, counted from 0. */
    public static int fleetIndex(Topology topology, Instance one) {
        return with(topology, one.role()).map(Instance::name).toList().indexOf(one.name());
    }

    private static Stream<Instance> with(Topology topology, RoleName role) {
        return Instances.of(topology).stream().filter(instance -> instance.role() == role);
    }
}
