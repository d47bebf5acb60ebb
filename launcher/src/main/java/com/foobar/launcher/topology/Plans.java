package com.foobar.launcher.topology;

import com.foobar.appserver.AppPlan;
import com.foobar.appserver.session.SessionSettings;
import com.foobar.http.announce.BalancerDoor;
import com.foobar.http.forward.Stickiness;
import com.foobar.kernel.value.HostPort;
import com.foobar.lb.LbPlan;
import com.foobar.webserver.WebPlan;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    /** The plan of a web server in a process that runs the instances of this selection. */
    public static WebPlan webServer(Topology topology, Instance web, Selection here) {
        Set<String> hosts = new LinkedHashSet<>(List.of(topology.site()));
        hosts.addAll(topology.lb().live().hosts());
        topology.lb().live().routes().values().stream()
                .filter(route -> route.pool().equals(LbPlan.WEB))
                .forEach(route -> hosts.addAll(route.hosts()));
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
                doors(topology, web, elsewhere(topology, RoleName.LB, here)),
                elsewhere(topology, RoleName.LB, here).isEmpty()
                        ? Duration.ZERO
                        : topology.lb().live().check().notice(),
                with(topology, RoleName.APPSERVER)
                        .map(app -> new WebPlan.Member(
                                app.name(),
                                app.address(),
                                app.ports().get(0).number(),
                                app.server().equals(web.server())))
                        .toList(),
                sticky(topology),
                topology.expose());
    }

    /** A balancer's cookie ends at the web server, and which of several application servers has a session, it cannot say. */
    private static Optional<Stickiness> sticky(Topology topology) {
        return topology.appserver().keeping().sessions() == SessionSettings.Store.MEMORY
                ? topology.lb().live().sticky().map(cookie -> cookie.behind(WebPlan.APP))
                : Optional.empty();
    }

    /** The plan of an application server in a process that runs the instances of this selection. */
    public static AppPlan appServer(Topology topology, Instance app, Selection here) {
        List<Instance> webServers = elsewhere(topology, RoleName.WEBSERVER, here);
        return new AppPlan(
                topology.appserver(),
                app.address(),
                app.ports().get(0).number(),
                with(topology, RoleName.WEBSERVER).map(Instance::address).toList(),
                doors(topology, app, webServers),
                webServers.isEmpty()
                        ? Duration.ZERO
                        : topology.webserver().live().check().notice(),
                topology.expose());
    }

    private static List<Instance> elsewhere(Topology topology, RoleName role, Selection here) {
        Set<String> inThisProcess =
                here.instances().stream().map(Instance::name).collect(Collectors.toSet());
        return with(topology, role)
                .filter(instance -> !inThisProcess.contains(instance.name()))
                .toList();
    }

    /** All or none: as long as one has to find out by its checks, telling the others saves no time. */
    private static List<BalancerDoor> doors(Topology topology, Instance from, List<Instance> balancers) {
        List<BalancerDoor> doors = balancers.stream()
                .flatMap(balancer -> door(topology, from, balancer).stream())
                .toList();
        return doors.size() == balancers.size() ? doors : List.of();
    }

    /** How the admin port of the process of one that balances is reached from this machine, if it is. */
    private static Optional<BalancerDoor> door(Topology topology, Instance from, Instance balancer) {
        AdminSettings admin = topology.admin();
        boolean reachable = admin.isEverywhere()
                || admin.address().equals(balancer.address())
                || (admin.isLoopback() && from.server().equals(balancer.server()));
        String host = admin.isLoopback() ? admin.address() : balancer.address();
        return admin.token()
                .filter(token -> reachable)
                .map(token -> new BalancerDoor(balancer.name(), new HostPort(host, admin.port()), token));
    }

    /** The place of this instance among all of its role, counted from 0. */
    public static int fleetIndex(Topology topology, Instance one) {
        return with(topology, one.role()).map(Instance::name).toList().indexOf(one.name());
    }

    private static Stream<Instance> with(Topology topology, RoleName role) {
        return Instances.of(topology).stream().filter(instance -> instance.role() == role);
    }
}
