package com.foobar.bench;

import com.foobar.testkit.Child;
import java.time.Duration;
import java.util.List;

/** The three tiers as they are usually built: one haproxy, behind it one nginx, behind it one Tomcat. */
final class ProxiedTomcat implements Contender {

    static final String NAME = "haproxy-nginx-tomcat";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> description() {
        return List.of(
                "haproxy as above before one nginx as above, which looks for a file first, before one Tomcat as above, each with its"
                        + " access log",
                "connections to the next one are kept in both proxies",
                "all figures are sums over the processes of all three");
    }

    @Override
    public boolean does(Scenario.Tier tier) {
        return tier == Scenario.Tier.CHAIN;
    }

    @Override
    public String readyPath() {
        return Pages.HELLO;
    }

    @Override
    public Duration warmUp() {
        return Foobar.WARM_UP;
    }

    @Override
    public Running start(Bed bed) {
        Ports ports = Ports.free();
        Child tomcat = Tomcat.child(NAME + "-3", bed, ports.app());
        // Of nginx only the web server's port is used here, of haproxy only the plain one; but both have all of theirs.
        Ports behind = Ports.free();
        Child nginx = Nginx.child(NAME + "-2", bed, behind, List.of(ports.app()));
        Child haproxy = Haproxy.child(NAME + "-1", bed, ports, List.of(behind.web()), Pages.HELLO);
        return new Running(this, List.of(haproxy, nginx, tomcat), ports);
    }
}
