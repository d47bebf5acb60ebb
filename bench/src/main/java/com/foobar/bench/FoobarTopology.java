package com.foobar.bench;

import com.foobar.testkit.FreePorts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Topology files under which foobar does what the other contenders do. The one place to correct when its keys change. */
final class FoobarTopology {

    private FoobarTopology() {}

    /** For {@code --role lb}: the two web servers it names are the bench's backends. */
    static String balancer(Ports ports, List<Integer> backends) {
        return yaml(
                "lb, webserver, webserver, appserver", ports, consecutive(backends), FreePorts.one(), "site/public");
    }

    /** For {@code --role web}: the two application servers it names are the bench's backends. */
    static String web(Ports ports, List<Integer> backends, Path files) {
        return yaml("lb, webserver, appserver, appserver", ports, ports.web(), consecutive(backends), files.toString());
    }

    /** For any of the roles but the database's: one server of each tier, and the pages as the only application. */
    static String tiers(Ports ports, Path root, Path apps, Optional<Database> database) {
        String cluster = database.map(one -> "database-cluster: { port: "
                        + one.node().port() + ", secret: " + one.secret().reveal() + " }")
                .orElseGet(() -> "database-cluster: { port: " + FreePorts.one() + " }");
        String asked =
                database.map(one -> ", database: ['" + one.admin() + "']").orElse("");
        return """
                site: %s
                servers:
                  local:
                    address: 127.0.0.1
                    roles: [lb, webserver, appserver, database-cluster]
                lb:
                  http: %d
                  https: %d
                webserver: { port: %d, root: '%s' }
                appserver: { port: %d, apps: '%s'%s }
                %s
                admin: { address: 127.0.0.1, port: %d }
                """
                .formatted(
                        Bed.SITE,
                        ports.http(),
                        ports.https(),
                        ports.web(),
                        root,
                        ports.app(),
                        apps,
                        asked,
                        cluster,
                        FreePorts.one());
    }

    private static int consecutive(List<Integer> backends) {
        if (backends.size() != 2 || backends.get(1) != backends.get(0) + 1) {
            throw new IllegalArgumentException(
                    "servers of one machine take consecutive ports, the backends are on " + backends);
        }
        return backends.get(0);
    }

    private static String yaml(String roles, Ports ports, int web, int app, String root) {
        List<Integer> unused = FreePorts.block(2);
        return """
                site: %s
                servers:
                  local:
                    address: 127.0.0.1
                    roles: [%s, database-cluster]
                lb:
                  http: %d
                  https: %d
                webserver: { port: %d, root: '%s' }
                appserver: { port: %d }
                database-cluster: { port: %d }
                admin: { address: 127.0.0.1, port: %d }
                """
                .formatted(Bed.SITE, roles, ports.http(), ports.https(), web, root, app, unused.get(0), unused.get(1));
    }
}
