package com.foobar.appserver;

import com.foobar.http.announce.BalancerDoor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What one application server has to do, as it follows from the topology.
 *
 * @param address where it listens
 * @param webServers the addresses of those who send it requests, and are believed
 * @param doors the admin ports of web servers in other processes, to be told of a drain; of those that can be reached
 * @param notice how long web servers in other processes need to notice a drain by their checks; zero when there are none
 * @param expose whether answers name the servers that made them
 */
public record AppPlan(
        AppserverSettings settings,
        String address,
        int port,
        List<String> webServers,
        List<BalancerDoor> doors,
        Duration notice,
        boolean expose) {

    public AppPlan {
        webServers = List.copyOf(webServers);
        doors = List.copyOf(doors);
    }

    AppserverSettings.Live live() {
        return settings.live();
    }

    /** The same with the folder of the applications where it is on this machine. */
    public AppPlan withApps(UnaryOperator<Path> place) {
        return new AppPlan(settings.withApps(place), address, port, webServers, doors, notice, expose);
    }
}
