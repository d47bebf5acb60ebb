package com.foobar.database.embedded;

import java.util.Set;

/** The environment that a server is started in. */
final class Surroundings {

    /** With systemd's socket a server would report its own readiness as ours; with the others take ports that are not its own. */
    private static final Set<String> FOREIGN =
            Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES");

    private Surroundings() {}

    /** Removes what would change a server's or client's behaviour behind the back of its option file. */
    static void clean(ProcessBuilder builder) {
        builder.environment()
                .keySet()
                .removeIf(name -> FOREIGN.contains(name) || name.startsWith("MYSQL") || name.startsWith("MARIADB"));
    }
}
