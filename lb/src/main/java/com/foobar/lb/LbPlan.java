package com.foobar.lb;

import com.foobar.http.pool.BackendSettings;
import java.util.List;

/**
 * What one balancer has to do, as it follows from the topology.
 *
 * @param site the host name of the site
 * @param address where it listens
 * @param web the servers of the web tier
 * @param expose whether answers name the servers that made them
 */
public record LbPlan(LbSettings settings, String site, String address, List<Member> web, boolean expose) {
    /** The pool every request goes to that no route sends elsewhere. */
    public static final String WEB = "web";

    public LbPlan {
        web = List.copyOf(web);
    }

    /** One server of the web tier. */
    public record Member(String name, String host, int port, int weight, boolean backup) {}

    LbSettings.Live live() {
        return settings.live();
    }

    BackendSettings backend(String name, String host, int port, int weight, boolean backup) {
        return new BackendSettings(
                name,
                new com.foobar.http.pool.Address(host, port),
                weight,
                backup,
                live().limits().perServer(),
                live().limits().slowStart());
    }
}
