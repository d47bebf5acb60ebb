package com.foobar.database.embedded;

import com.foobar.database.model.Boot;
import com.foobar.kernel.value.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The option file of a node. Pure; what each line prevents was measured and is written beside it. */
final class NodeConfig {

    /** A week: the server knows no "never". */
    private static final Duration NEVER = Duration.ofMinutes(10_000);

    /** What the data was bootstrapped with; later starts must say the same or refuse their own data. */
    static final Map<String, String> TABLESPACE = ordered(
            "innodb-undo-tablespaces", "0",
            "innodb-data-file-path", "ibdata1:4M:autoextend",
            "innodb-temp-data-file-path", "ibtmp1:4M:autoextend",
            // The default grows by 64 MiB at once.
            "innodb-autoextend-increment", "1");

    /** Where things lie. */
    record Places(Path data, Path socket, Path log, Path pid, Optional<Path> init) {}

    private final Map<String, String> options = new LinkedHashMap<>();

    private NodeConfig() {}

    /** @param root the server is started by root, and refuses that unless told that it is meant */
    static String text(Engine engine, NodeSettings settings, Places places, Boot.Tail tail, boolean root) {
        NodeConfig config = new NodeConfig();
        if (root) {
            config.set("user", "root");
        }
        config.places(engine, places);
        config.network(settings);
        config.replication(settings, tail);
        config.storage(settings);
        return config.print();
    }

    private void places(Engine engine, Places places) {
        set("basedir", engine.base());
        set("datadir", places.data());
        set("socket", places.socket());
        set("pid-file", places.pid());
        set("log-error", places.log());
        set("lc-messages-dir", engine.messages());
        set("character-sets-dir", engine.charsets());
        places.init().ifPresent(file -> set("init-file", file));
        // No version= for 10.x, though it announces itself as 5.5.5 and the driver then cuts fractions off seconds:
        // with a version
        // made up for the driver, its replicas no longer follow by GTID and its dumps carry no position.
    }

    private void network(NodeSettings settings) {
        set("bind-address", settings.at().host());
        set("port", Integer.toString(settings.at().port()));
        set("report-host", settings.at().host());
        set("report-port", Integer.toString(settings.at().port()));
        set("skip-name-resolve", "1");
        set("max-connections", Integer.toString(settings.connections()));
        set("thread-cache-size", "16");
        set("performance-schema", "0");
        if (settings.tls().isPresent()) {
            NodeTls tls = settings.tls().get();
            set("ssl-cert", tls.certificate());
            set("ssl-key", tls.key());
            set("ssl-ca", tls.authority());
            // The accounts of ours demand it as well; whoever makes another must not have to remember. The server's own
            // socket file counts as safe.
            set("require-secure-transport", "1");
        } else {
            // Without this line, and without a certificate, 11.4 computes an RSA key at every start: 5 to 20 seconds.
            set("skip-ssl", "1");
        }
    }

    private void replication(NodeSettings settings, Boot.Tail tail) {
        set("server-id", Long.toString(settings.serverId()));
        set("log-bin", "binlog");
        set("binlog-format", "ROW");
        // Only whole logs can be deleted; by default one has a gigabyte.
        set("max-binlog-size", "64M");
        set("log-slave-updates", "1");
        set("gtid-strict-mode", "1");
        set("gtid-domain-id", "0");
        set("relay-log", "relay");
        set("relay-log-recovery", "1");
        // Whom to follow, and whether writes may come, is the coordinator's to say after every start.
        set("skip-slave-start", "1");
        set("read-only", "1");
        set("slave-net-timeout", "1");
        // A single applier cannot keep up with a busy primary.
        set("slave-parallel-threads", "4");
        set("slave-parallel-mode", "optimistic");
        // As SLAVE recovery takes back what is logged and not committed, acknowledged or not: to be told, never by
        // default.
        set("init-rpl-role", tail == Boot.Tail.TRUNCATED ? "SLAVE" : "MASTER");
        set("rpl-semi-sync-slave-enabled", "1");
        // On a replica the primary's half makes the applier wait for ever, and the server deaf to SIGTERM.
        set("rpl-semi-sync-master-enabled", "0");
        set("rpl-semi-sync-master-wait-point", "AFTER_SYNC");
        set(
                "rpl-semi-sync-master-timeout",
                Long.toString(settings.degradeAfter().orElse(NEVER).toMillis()));
        set("rpl-semi-sync-master-wait-no-slave", "1");
        // STOP SLAVE IO_THREAD waits this long, 5 seconds by default, for a primary that hangs.
        set("rpl-semi-sync-slave-kill-conn-timeout", "1");
    }

    private void storage(NodeSettings settings) {
        boolean durable = settings.durability() == Durability.DURABLE;
        set("sync-binlog", durable ? "1" : "0");
        set("innodb-flush-log-at-trx-commit", durable ? "1" : "2");
        set("innodb-buffer-pool-size", bytes(settings.bufferPool()));
        set("innodb-log-file-size", bytes(settings.redoLog()));
        set("innodb-log-buffer-size", "2M");
        set("innodb-buffer-pool-load-at-startup", "0");
        set("innodb-buffer-pool-dump-at-shutdown", "0");
        set("aria-pagecache-buffer-size", "1M");
        set("key-buffer-size", "64K");
        options.putAll(TABLESPACE);
    }

    private void set(String option, Path path) {
        String text = path.toString();
        if (text.matches("(?s).*[\"\\\\\\p{Cntrl}].*")) {
            throw new IllegalArgumentException(
                    "a path without quotes, backslashes and control characters, unlike " + path);
        }
        // Quoted: a # in a folder's name would otherwise begin a comment.
        options.put(option, '"' + text + '"');
    }

    private void set(String option, String value) {
        options.put(option, value);
    }

    private String print() {
        StringBuilder text = new StringBuilder("# Written anew at every start; changes here are lost.\n[mariadbd]\n");
        options.forEach(
                (option, value) -> text.append(option).append('=').append(value).append('\n'));
        return text.toString();
    }

    static List<String> arguments(Map<String, String> options) {
        return options.entrySet().stream()
                .map(option -> "--" + option.getKey() + "=" + option.getValue())
                .toList();
    }

    private static String bytes(ByteSize size) {
        return Long.toString(size.bytes());
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
