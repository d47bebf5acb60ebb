package com.foobar.lb.rule;

import java.util.List;

/**
 * What routes are for when they name no host.
 *
 * @param hosts the site's own names and addresses, perhaps with {@code *.}
 * @param httpsPort where clients reach HTTPS; 0 when there is none
 */
public record Site(List<String> hosts, int httpsPort) {
    public Site {
        hosts = List.copyOf(hosts);
    }
}
