package com.foobar.launcher.topology;

import com.foobar.lb.LbPlan;
import java.util.List;
import java.util.Objects;

/** What each role has to know of the topology, cut out for it. */
public final class Plans {

    private Plans() {}

    public static LbPlan balancer(Topology topology, Instance balancer) {
        return new LbPlan(topology.lb(), topology.site(), balancer.address(), web(topology), topology.expose());
    }

    private static List<LbPlan.Member> web(Topology topology) {
        return Instances.of(topology).stream()
                .filter(instance -> instance.role() == RoleName.WEBSERVER)
                .map(web -> member(web, Objects.requireNonNull(topology.servers().get(web.server()))))
                .toList();
    }

    private static LbPlan.Member member(Instance web, Server server) {
        return new LbPlan.Member(
                web.name(), web.address(), web.ports().get(0).number(), server.weight(), server.backup());
    }

    /** The place of this balancer among all, counted from 0. */
    public static int fleetIndex(Topology topology, Instance balancer) {
        List<String> names = Instances.of(topology).stream()
                .filter(instance -> instance.role() == RoleName.LB)
                .map(Instance::name)
                .toList();
        return names.indexOf(balancer.name());
    }
}
