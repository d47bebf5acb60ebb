package com.foobar.webserver;

import com.foobar.http.announce.BalancerDoor;
import com.foobar.http.forward.Stickiness;
import com.foobar.webserver.files.SiteSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What one web server has to do, as it follows from the topology.
 *
 * @param hosts the names of the main site
 * @param address where it listens
 * @param balancers the addresses of those who send it requests, and are believed
 * @param doors the admin ports of balancers in other processes, to be told of a drain; of those that can be reached
 * @param notice how long balancers in other processes need to notice a drain by their checks; zero when there are none
 * @param applications the application tier
 * @param sticky what keeps a client at one application server, where sessions are kept in it
 * @param expose whether answers name the servers that made them
 */
public record WebPlan(
        WebserverSettings settings,
        List<String> hosts,
        String address,
        int port,
        List<String> balancers,
        List<BalancerDoor> doors,
        Duration notice,
        List<Member> applications,
        Optional<Stickiness> sticky,
        boolean expose) {

    /** The pool of application servers. */
    public static final String APP = "app";

    /** The site of the topology, as it is called in messages. */
    private static final String MAIN = "main";

    public WebPlan {
        hosts = List.copyOf(hosts);
        balancers = List.copyOf(balancers);
        doors = List.copyOf(doors);
        applications = List.copyOf(applications);
    }

    /**
     * One application server.
     *
     * @param local whether it is on the machine of the web server
     */
    public record Member(String name, String host, int port, boolean local) {}

    WebserverSettings.Live live() {
        return settings.live();
    }

    /** The same with the folders where they are on this machine. */
    public WebPlan withRoots(UnaryOperator<Path> place) {
        return new WebPlan(
                settings.withRoots(place),
                hosts,
                address,
                port,
                balancers,
                doors,
                notice,
                applications,
                sticky,
                expose);
    }

    /** All sites by name; the main one has those hosts of the topology, besides its own, that no other site names. */
    Map<String, SiteSettings> sites() {
        Set<String> others = new HashSet<>();
        live().sites().values().forEach(site -> others.addAll(site.hosts()));
        Map<String, SiteSettings> all = new LinkedHashMap<>();
        all.put(
                MAIN,
                live().main()
                        .withHosts(hosts.stream()
                                .filter(host -> !others.contains(host))
                                .toList()));
        all.putAll(live().sites());
        return all;
    }
}
