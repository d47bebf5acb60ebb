package com.foobar.bench;

import com.foobar.testkit.FreePorts;
import java.util.List;

/**
 * The topology file under which foobar does what the other contenders do: only {@code lb} is started, and the two web servers
 * it names are the bench's backends. The one place to correct when the keys of the balancer change.
 */
record FoobarTopology(Ports ports, List<Integer> backends) {

    FoobarTopology {
        if (backends.size() != 2 || backends.get(1) != backends.get(0) + 1) {
            throw new IllegalArgumentException(
                    "web servers of one machine take consecutive ports, the backends are on " + backends);
        }
    }

    String yaml() {
        List<Integer> unused = FreePorts.block(3);
        return """
                site: %s
                servers:
                  local:
                    address: 127.0.0.1
                    roles: [lb, webserver, webserver, appserver, database-cluster]
                lb:
                  http: %d
                  https: %d
                webserver: { port: %d }
                appserver: { port: %d }
                database-cluster: { port: %d }
                admin: { address: 127.0.0.1, port: %d }
                """
                .formatted(
                        Bed.SITE,
                        ports.http(),
                        ports.https(),
                        backends.get(0),
                        unused.get(0),
                        unused.get(1),
                        unused.get(2));
    }
}
