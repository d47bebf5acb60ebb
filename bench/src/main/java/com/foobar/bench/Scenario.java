package com.foobar.bench;

import java.util.List;

/** One thing that is measured: its name on the command line and in the results, and its load. */
record Scenario(String name, Group group, Load load, boolean secure, String path) {

    /** Whose work it is, and so who is compared with whom. */
    enum Tier {
        BALANCER(Haproxy.NAME),
        WEB(Nginx.NAME),
        APPLICATION_SERVER(Tomcat.NAME),
        /** A balancer, a web server and an application server, one behind the other. */
        CHAIN(ProxiedTomcat.NAME);

        private final String yardstick;

        Tier(String yardstick) {
            this.yardstick = yardstick;
        }

        /** The contender the others are compared with. */
        String yardstick() {
            return yardstick;
        }
    }

    /** One table of the results each, and one warm-up by its first scenario: what is in one group runs through the same code. */
    enum Group {
        PLAIN(Tier.BALANCER, "Plain HTTP/1.1, 200-byte answer, keep-alive"),
        BODIES(Tier.BALANCER, "Bodies, plain HTTP/1.1, keep-alive"),
        TLS(Tier.BALANCER, "TLS, HTTP/1.1, 200-byte answer, keep-alive"),
        TLS_NEW(Tier.BALANCER, "TLS, HTTP/1.1, 200-byte answer, a new connection for each request"),
        HTTP2(Tier.BALANCER, "TLS, HTTP/2, 200-byte answer"),
        LATENCY(Tier.BALANCER, "Latency at a fixed rate, plain HTTP/1.1, keep-alive"),
        FILES(Tier.WEB, "The web tier: files, HTTP/1.1, keep-alive"),
        APPLICATION(Tier.WEB, "The web tier: what is no file, from an application server, HTTP/1.1, keep-alive"),
        HELLO(Tier.APPLICATION_SERVER, "The application tier: a servlet that says hello, HTTP/1.1, keep-alive"),
        JDBC(
                Tier.APPLICATION_SERVER,
                "The application tier: a servlet that reads one row by its key, HTTP/1.1, keep-alive"),
        CHAIN_HELLO(
                Tier.CHAIN,
                "Balancer, web server, application server: a servlet that says hello, HTTP/1.1, keep-alive"),
        CHAIN_JDBC(
                Tier.CHAIN,
                "Balancer, web server, application server: a servlet that reads one row by its key, HTTP/1.1, keep-alive");

        private final Tier tier;
        private final String title;

        Group(Tier tier, String title) {
            this.tier = tier;
            this.title = title;
        }

        Tier tier() {
            return tier;
        }

        String title() {
            return title;
        }
    }

    static final List<Scenario> ALL = List.of(
            plain("plain-8", Group.PLAIN, new Wrk(8, false), Backends.SMALL),
            plain("plain-64", Group.PLAIN, new Wrk(64, false), Backends.SMALL),
            plain("plain-512", Group.PLAIN, new Wrk(512, false), Backends.SMALL),
            plain("body-64k", Group.BODIES, new Wrk(32, false), Backends.KIB_64),
            plain("body-1m", Group.BODIES, new Wrk(32, false), Backends.MIB_1),
            secure("tls-64", Group.TLS, new Wrk(64, false)),
            secure("tls-new", Group.TLS_NEW, new Wrk(32, true)),
            secure("h2", Group.HTTP2, new H2load(16, 16)),
            plain("rate-200b", Group.LATENCY, new FixedRate(5_000, 64), Backends.SMALL),
            plain("rate-64k", Group.LATENCY, new FixedRate(1_000, 64), Backends.KIB_64),
            plain("file-1k", Group.FILES, new Wrk(64, false), Files.KIB_1),
            plain("file-100k", Group.FILES, new Wrk(32, false), Files.KIB_100),
            plain("file-10m", Group.FILES, new Wrk(16, false), Files.MIB_10),
            plain("proxied", Group.APPLICATION, new Wrk(64, false), Backends.SMALL),
            plain("hello", Group.HELLO, new Wrk(64, false), Pages.HELLO),
            plain("jdbc", Group.JDBC, new Wrk(64, false), Pages.ROW),
            plain("chain-hello", Group.CHAIN_HELLO, new Wrk(64, false), Pages.HELLO),
            plain("chain-jdbc", Group.CHAIN_JDBC, new Wrk(64, false), Pages.ROW));

    private static Scenario plain(String name, Group group, Load load, String path) {
        return new Scenario(name, group, load, false, path);
    }

    private static Scenario secure(String name, Group group, Load load) {
        return new Scenario(name, group, load, true, Backends.SMALL);
    }

    boolean needsDatabase() {
        return path.equals(Pages.ROW);
    }

    Load.Target target(Running contender) {
        return new Load.Target(contender.ports().of(this), secure, path);
    }
}
