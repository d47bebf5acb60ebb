package com.foobar.database.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.act.NodeSession;
import com.foobar.database.act.Promotion;
import com.foobar.database.act.Target;
import com.foobar.database.dialect.AccountPlan;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Sql;
import com.foobar.database.embedded.Durability;
import com.foobar.database.embedded.HistorySeed;
import com.foobar.database.embedded.NodeFolder;
import com.foobar.database.embedded.NodeLaunch;
import com.foobar.database.embedded.NodeProcess;
import com.foobar.database.embedded.NodeSettings;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A backup and the binary logs of a node that was killed, brought together again exactly to a transaction. */
@Timeout(180)
class PointInTimeIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<String> gtids = new ArrayList<>();
    private TestCluster cluster;
    private Path backup;
    private Instant boundary;

    @BeforeEach
    void aClusterThatIsLost() throws Exception {
        cluster = new TestCluster();
        cluster.startAll(1, 2);
        cluster.ask(1, Duty.SCHEMA, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(40))");
        insert(1, 10);
        cluster.awaitCaughtUp(2, 1);
        Path to = cluster.root().resolve("backups");
        String unused = new Backup(cluster.engine(), cluster.cache(), TestCluster.TIME)
                .take(
                        new Backup.Origin(
                                cluster.name,
                                1,
                                "db2",
                                cluster.at(2),
                                cluster.passwords.of(Duty.BACKUP),
                                Optional.empty(),
                                TestCluster.SCHEMA,
                                "a test"),
                        new Backup.Wish(to, 0, true, SOON));
        try (Stream<Path> all = Files.list(to)) {
            backup = all.filter(Files::isDirectory).findFirst().orElseThrow();
        }
        insert(11, 40);
        // What a keeper logs beside the application's writes must not stop a replay.
        try (NodeSession keeper = NodeSession.open(cluster.target(1, Duty.COORDINATOR), TestCluster.BOUNDS)) {
            Promotion.pushOn(keeper);
        }
        cluster.ask(1, Duty.SCHEMA, "ALTER TABLE t ADD COLUMN w INT NOT NULL DEFAULT 7");
        long second = Instant.now().getEpochSecond();
        Await.until("the second is over", SOON, () -> Instant.now().getEpochSecond() > second);
        boundary = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        insert(41, 60);
        cluster.ask(1, Duty.APPLICATION, "DELETE FROM t");
        cluster.node(1).kill();
        cluster.node(2).kill();
    }

    @AfterEach
    void nothingLeft() throws Exception {
        cluster.close();
    }

    private void insert(int from, int to) throws Exception {
        try (NodeSession session = cluster.session(1, Duty.APPLICATION)) {
            for (int i = from; i <= to; i++) {
                var none = session.ask(Sql.of("INSERT INTO t (id, v) VALUES (" + i + ", UUID())"), SOON);
                gtids.add(session.ask(Sql.of("SELECT @@last_gtid g"), SOON)
                        .get(0)
                        .get("g")
                        .orElseThrow());
            }
        }
    }

    /** How many rows there are, and the highest. */
    private String restored(String name, String until) throws Exception {
        Path database = cluster.root().resolve(name);
        String said = Restore.run(
                backup,
                cluster.engine(),
                cluster.cache(),
                database,
                cluster.name,
                TestCluster.SCHEMA,
                List.of("db1"),
                Optional.of(PointInTime.parse(until, cluster.folder(1).root())),
                TestCluster.TIME);
        System.out.println(said);
        NodeFolder folder = NodeFolder.at(database.resolve("db1"));
        assertThat(folder.root().resolve("replay")).doesNotExist();
        NodeLaunch launch = new NodeLaunch(
                cluster.engine(),
                folder,
                NodeSettings.small(5, cluster.at(5), Durability.DURABLE),
                cluster.name,
                Dialects.MARIADB.accounts(new AccountPlan(cluster.logins(), TestCluster.SCHEMA, "%", false)),
                "a port",
                Duration.ofSeconds(60));
        NodeProcess node = NodeProcess.start(launch.with(HistorySeed.of(folder).orElseThrow()), TestCluster.TIME);
        try (node;
                NodeSession session = NodeSession.open(
                        new Target(
                                cluster.at(5), Dialects.MARIADB, cluster.passwords.of(Duty.READER), Optional.empty()),
                        TestCluster.BOUNDS,
                        TestCluster.SCHEMA)) {
            return session.ask(
                            Sql.of("SELECT CONCAT(COUNT(*), ' rows to ', MAX(id), ', at ', @@GLOBAL.gtid_slave_pos) x"
                                    + " FROM t"),
                            SOON)
                    .get(0)
                    .get("x")
                    .orElseThrow();
        }
    }

    @Test
    void endsExactlyWithTheTransactionOrBeforeTheTime() throws Exception {
        assertThat(restored("one", gtids.get(36))).isEqualTo("37 rows to 37, at " + gtids.get(36));
        assertThat(restored("two", gtids.get(37))).isEqualTo("38 rows to 38, at " + gtids.get(37));
        assertThat(restored("time", boundary.toString())).startsWith("40 rows to 40, at ");
        // Everything but the last transaction, which was a mistake: 60 rows stood before it.
        assertThat(restored("last", gtids.get(59))).isEqualTo("60 rows to 60, at " + gtids.get(59));
        assertThat(restored("none", gtids.get(9))).isEqualTo("10 rows to 10, at " + gtids.get(9));
    }

    @Test
    void whatCannotBeReachedIsRefusedAndNothingIsMade() {
        assertThatThrownBy(() -> restored("early", gtids.get(4)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("lies before the backup");
        assertThatThrownBy(() -> restored("beyond", "0-1-4711"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("0-1-4711 is not in the logs");
        assertThatThrownBy(() -> restored("ago", "2020-01-01T00:00:00Z"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("lies before the backup");
        assertThatThrownBy(() -> PointInTime.parse("yesterday", backup))
                .hasMessageContaining("neither a transaction nor a time");
        assertThat(cluster.root().resolve("early")).doesNotExist();
        assertThat(cluster.root().resolve("beyond")).doesNotExist();
    }
}
