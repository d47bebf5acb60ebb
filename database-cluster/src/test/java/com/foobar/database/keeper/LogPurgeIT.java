package com.foobar.database.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.TestCluster;
import com.foobar.database.act.NodeSession;
import com.foobar.database.decide.NodeOrder;
import com.foobar.database.dialect.Sql;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.Position;
import com.foobar.database.node.Obeyed;
import com.foobar.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real logs, aged by hand, and a replica that fetches from them. */
@Timeout(120)
class LogPurgeIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant OLD = Instant.now().minus(Duration.ofDays(4));

    @Test
    void whatAllHaveAndIsOldGoesAndAReplicaThatWasAwayStillFinds() throws Exception {
        try (KeptCluster cluster = new KeptCluster()) {
            cluster.openAll(1, 2);
            cluster.reign(1, 1, 2);
            cluster.write(1, "CREATE TABLE t (id INT PRIMARY KEY)");
            fill(cluster, 1, 3);
            cluster.caughtUp(2, 1);
            Position seen = cluster.state(2).applied();
            assertThat(cluster.order(new NodeOrder.StopReceiver(KeptCluster.name(2))))
                    .matches(Obeyed::done);
            // No acknowledgement is needed for what the replica shall find later.
            assertThat(cluster.order(new NodeOrder.WaitForAcks(KeptCluster.name(1), false)))
                    .matches(Obeyed::done);
            fill(cluster, 4, 6);
            List<String> all = logs(cluster);
            assertThat(all).hasSizeGreaterThanOrEqualTo(7);

            assertThat(purged(cluster, cluster.state(1).applied(), true))
                    .as("none is old")
                    .isEqualTo(all);
            age(cluster);
            assertThat(purged(cluster, GtidPosition.EMPTY, true))
                    .as("somebody has nothing")
                    .isEqualTo(all);
            assertThat(purged(cluster, seen, false)).as("somebody is away").isEqualTo(all);
            List<String> left = purged(cluster, seen, true);
            assertThat(left).hasSizeLessThan(all.size()).isEqualTo(all.subList(all.size() - left.size(), all.size()));
            System.out.println(all + " -> " + left);

            assertThat(cluster.follow(2, 1, 1)).matches(Obeyed::done);
            cluster.caughtUp(2, 1);
            // The server keeps a log that the replica's thread has not closed yet; the next round takes it.
            Await.until("only the log that is written to is left", SOON, () -> isPurgedToOne(cluster));
        }
    }

    @Test
    void onAShortDiskTheYoungGoAndThoseThatSomebodyAwayMayNeed() throws Exception {
        try (KeptCluster cluster = new KeptCluster()) {
            cluster.openAll(1, 2);
            cluster.reign(1, 1, 2);
            cluster.write(1, "CREATE TABLE t (id INT PRIMARY KEY)");
            fill(cluster, 1, 3);
            Position all = cluster.state(1).applied();
            assertThat(purged(cluster, all, false)).as("with room").hasSizeGreaterThan(3);
            try (LogPurge purge =
                    new LogPurge(cluster.plan(1), cluster.ground.at(1), TestCluster.TIME, folder -> true)) {
                NodeOrder.Purge order = new NodeOrder.Purge(KeptCluster.name(1), all, false);
                Obeyed obeyed = purge.order(order).get(20, TimeUnit.SECONDS);
                assertThat(obeyed).as(obeyed.detail()).matches(Obeyed::done);
            }
            assertThat(logs(cluster)).hasSizeLessThanOrEqualTo(2);
            cluster.write(1, "INSERT INTO t VALUES (9)");
        }
    }

    /** A log for each row. */
    private static void fill(KeptCluster cluster, int from, int to) throws Exception {
        for (int id : IntStream.rangeClosed(from, to).toArray()) {
            cluster.write(1, "INSERT INTO t VALUES (" + id + ")");
            try (NodeSession session = cluster.ground.coordinator(1)) {
                var unused = session.ask(Sql.of("FLUSH BINARY LOGS"), TestCluster.BOUNDS.answer());
            }
        }
    }

    private static List<String> purged(KeptCluster cluster, Position applied, boolean complete) throws Exception {
        Obeyed obeyed = cluster.keeper(1)
                .order(cluster.stamp(), new NodeOrder.Purge(KeptCluster.name(1), applied, complete))
                .get(20, TimeUnit.SECONDS);
        assertThat(obeyed).as(obeyed.detail()).matches(Obeyed::done);
        return logs(cluster);
    }

    private static boolean isPurgedToOne(KeptCluster cluster) {
        try {
            return purged(cluster, cluster.state(1).applied(), true).size() == 1;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void age(KeptCluster cluster) throws Exception {
        for (String log : logs(cluster)) {
            Path unused =
                    Files.setLastModifiedTime(cluster.ground.folder(1).data().resolve(log), FileTime.from(OLD));
        }
    }

    private static List<String> logs(KeptCluster cluster) throws Exception {
        try (Stream<Path> files = Files.list(cluster.ground.folder(1).data())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("binlog\\.\\d+"))
                    .sorted()
                    .toList();
        }
    }
}
