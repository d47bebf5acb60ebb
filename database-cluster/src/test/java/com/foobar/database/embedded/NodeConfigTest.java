package com.foobar.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.model.Boot;
import com.foobar.kernel.value.ByteSize;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeConfigTest {

    private static final Engine ENGINE = new Engine(
            new EngineVersion("MariaDB", 11, 4, 5),
            Path.of("/e/bin/mariadbd"),
            Path.of("/e"),
            Path.of("/e/share"),
            Path.of("/e/share/charsets"),
            List.of(),
            Optional.empty(),
            Optional.empty());
    private static final HostPort AT = new HostPort("127.0.0.1", 33061);

    @Test
    void startsReadOnlyFollowsNobodyAndIsStrict() {
        assertThat(text(NodeSettings.small(3, AT, Durability.DURABLE), "/d", true)
                        .lines())
                .contains(
                        "user=root",
                        "read-only=1",
                        "skip-slave-start=1",
                        "init-rpl-role=MASTER",
                        "rpl-semi-sync-master-enabled=0",
                        "rpl-semi-sync-slave-enabled=1",
                        "rpl-semi-sync-master-wait-point=AFTER_SYNC",
                        "rpl-semi-sync-master-timeout=600000000",
                        "rpl-semi-sync-master-wait-no-slave=1",
                        "rpl-semi-sync-slave-kill-conn-timeout=1",
                        "gtid-strict-mode=1",
                        "server-id=3",
                        "bind-address=127.0.0.1",
                        "port=33061",
                        "skip-ssl=1",
                        "sync-binlog=1",
                        "innodb-flush-log-at-trx-commit=1",
                        "datadir=\"/d/data\"");
    }

    @Test
    void saysWhatItIsTold() {
        NodeSettings settings = new NodeSettings(
                1,
                AT,
                Durability.DEMO,
                Optional.of(Duration.ofSeconds(10)),
                ByteSize.parse("1GiB"),
                ByteSize.parse("256MiB"),
                500,
                Optional.of(new NodeTls(Path.of("/c.pem"), Path.of("/k.pem"), Path.of("/ca.pem"))));
        assertThat(text(settings, "/d", false).lines())
                .contains(
                        "sync-binlog=0",
                        "innodb-flush-log-at-trx-commit=2",
                        "rpl-semi-sync-master-timeout=10000",
                        "innodb-buffer-pool-size=1073741824",
                        "innodb-log-file-size=268435456",
                        "max-connections=500",
                        "ssl-cert=\"/c.pem\"",
                        "ssl-key=\"/k.pem\"",
                        "ssl-ca=\"/ca.pem\"",
                        "require-secure-transport=1")
                .doesNotContain("user=root", "skip-ssl=1");
    }

    @Test
    void aPathThatWouldEndItsQuotesIsRefused() {
        for (String path : List.of("/a\"b", "/a\\b", "/a\nread-only=0")) {
            assertThatThrownBy(() -> text(NodeSettings.small(1, AT, Durability.DEMO), path, false))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String text(NodeSettings settings, String folder, boolean root) {
        Path at = Path.of(folder);
        return NodeConfig.text(
                ENGINE,
                settings,
                new NodeConfig.Places(
                        at.resolve("data"), at.resolve("s"), at.resolve("log"), at.resolve("pid"), Optional.empty()),
                Boot.Tail.KEPT,
                root);
    }
}
