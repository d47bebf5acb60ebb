package com.foobar.database.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.dialect.Row;
import com.foobar.database.dialect.Sql;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.database.model.Position;
import com.foobar.testkit.Await;
import com.foobar.testkit.FaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes whose data is replaced by the primary's, because their operator wishes so or because there is no other way. */
@Timeout(180)
class ProvisionedAnewIT {

    @Test
    void aReplicaIsProvisionedAnewUnderWritersAndNothingIsLost() throws Exception {
        try (WholeCluster cluster = new WholeCluster(3, 1)) {
            ClusterRecord founded = cluster.record();
            NodeName replica = founded.ackers().firstKey();
            try (Ledger ledger = new Ledger(cluster).begin(cluster.number(founded.primary()))) {
                Coordinator leader = cluster.leader().orElseThrow();
                assertThat(leader.anew(founded.primary(), false)
                                .get(5, TimeUnit.SECONDS)
                                .sentence())
                        .contains(founded.primary() + " is the primary");
                assertThat(leader.anew(replica, true).get(5, TimeUnit.SECONDS).sentence())
                        .contains("keep its data aside");
                assertThat(asides(cluster, replica)).as("a dry run").isEmpty();
                int failed = ledger.failures();
                ledger.resetGap();
                long began = System.nanoTime();
                Reply reply = leader.anew(replica, false).get(60, TimeUnit.SECONDS);
                System.out.printf(
                        "provisioned anew in %d ms, write gap %d ms, %d failed writes%n",
                        (System.nanoTime() - began) / 1_000_000, ledger.gap().toMillis(), ledger.failures() - failed);
                assertThat(reply.done()).as(reply.sentence()).isTrue();
                assertThat(reply.sentence()).contains(replica + " was provisioned anew", "the old data is kept in");
                assertThat(asides(cluster, replica)).hasSize(1);
                ledger.awaitMore(50);
                assertThat(ledger.failures()).isEqualTo(failed);
                ClusterRecord whole = cluster.record();
                assertThat(whole.epoch()).as("nobody was deposed").isEqualTo(founded.epoch());
                assertThat(ledger.lostAt(cluster.number(whole.primary()))).isEmpty();
                equalEverywhere(cluster, whole, "ledger");
            }
        }
    }

    @Test
    void theOnlyReplicaKeepsItsDataWhereWritesNeedIt() throws Exception {
        try (WholeCluster cluster = new WholeCluster(2, 1)) {
            NodeName replica = cluster.record().ackers().firstKey();
            Reply reply = cluster.leader().orElseThrow().anew(replica, false).get(5, TimeUnit.SECONDS);
            assertThat(reply.done()).isFalse();
            assertThat(reply.sentence()).contains(replica + " is the only one that can acknowledge writes");
            assertThat(asides(cluster, replica)).isEmpty();
        }
    }

    /** A table that nobody acknowledged: the server does not cut that off, so all that it has is replaced and its extra kept. */
    @Test
    void aDeposedPrimaryWhoseTailCannotBeCutOffIsProvisionedAnewAndItsExtraTransactionsAreKept() throws Exception {
        try (WholeCluster cluster = new WholeCluster(3, 1, Policy.DEFAULT, true)) {
            ClusterRecord founded = cluster.record();
            NodeName old = founded.primary();
            assertThat(tried(cluster, old, Duty.SCHEMA, "CREATE TABLE t (id INT PRIMARY KEY)"))
                    .isTrue();
            assertThat(tried(cluster, old, Duty.SCHEMA, "INSERT INTO t VALUES (1)"))
                    .isTrue();
            for (NodeName node : founded.ackers().keySet()) {
                cluster.ground.awaitCaughtUp(cluster.number(node), cluster.number(old));
            }
            // Asked of the server itself: what the coordinator has seen may be from before the last insert, and then
            // that one
            // would be taken for the extra.
            Position before = GtidPosition.parse(
                    cluster.ground.status(cluster.number(old)).applied().text());

            FaultProxy unused = cluster.link(old).blackHole();
            CompletableFuture<Boolean> extra = CompletableFuture.supplyAsync(
                    () -> tried(cluster, old, Duty.SCHEMA, "CREATE TABLE u (id INT PRIMARY KEY)"));
            Position unusedToo = Await.until(
                    "it is written", Duration.ofSeconds(10), () -> applied(cluster, old), now -> !before.covers(now));
            cluster.signal(old, "KILL");
            // What is still under way must not arrive after all: then it would be in the data of the others.
            cluster.link(old).healForNewOnes();

            var unusedStatus = cluster.await(
                    "another reigns",
                    status -> Objects.requireNonNull(status.record()).epoch().isAfter(founded.epoch()));
            ClusterRecord whole = cluster.record();
            assertThat(extra.get(10, TimeUnit.SECONDS)).as("was acknowledged").isFalse();
            assertThat(whole.primary()).isNotEqualTo(old);
            List<Path> asides = asides(cluster, old);
            assertThat(asides).hasSize(1);
            try (Stream<Path> files = Files.list(asides.get(0))) {
                List<String> names =
                        files.map(file -> file.getFileName().toString()).toList();
                // With the tool beside the engine as SQL, else as what it would have been made from.
                assertThat(names).anyMatch(name -> name.matches("extra-transactions\\.sql|binlog\\.\\d+"));
                if (names.contains("extra-transactions.sql")) {
                    assertThat(Files.readString(asides.get(0).resolve("extra-transactions.sql")))
                            .contains("CREATE TABLE u")
                            .doesNotContain("CREATE TABLE t ");
                }
                System.out.println("kept aside: " + names);
            }
            int number = cluster.number(old);
            cluster.ground.awaitCaughtUp(number, cluster.number(whole.primary()));
            assertThat(tried(cluster, old, Duty.READER, "SELECT * FROM t")).isTrue();
            assertThat(tried(cluster, old, Duty.READER, "SELECT * FROM u"))
                    .as("what nobody acknowledged")
                    .isFalse();
            equalEverywhere(cluster, whole, "t");
        }
    }

    /** As after an operator's purge, a server's own expiry, or a short disk while it was away. */
    @Test
    void aReplicaWhoseLogsThePrimaryNoLongerHasIsProvisionedAnewWithoutBeingAsked() throws Exception {
        try (WholeCluster cluster = new WholeCluster(3, 1)) {
            ClusterRecord founded = cluster.record();
            int primary = cluster.number(founded.primary());
            NodeName away = founded.ackers().firstKey();
            assertThat(tried(cluster, founded.primary(), Duty.SCHEMA, "CREATE TABLE t (id INT PRIMARY KEY)"))
                    .isTrue();
            cluster.ground.awaitCaughtUp(cluster.number(away), primary);
            Coordinator leader = cluster.leader().orElseThrow();
            assertThat(leader.maintenance(true, false).get(5, TimeUnit.SECONDS).done())
                    .isTrue();
            ask(cluster, cluster.number(away), "STOP SLAVE");
            assertThat(tried(cluster, founded.primary(), Duty.SCHEMA, "INSERT INTO t VALUES (1)"))
                    .isTrue();
            cluster.ground.awaitCaughtUp(cluster.number(founded.ackers().lastKey()), primary);
            ask(cluster, primary, "FLUSH BINARY LOGS");
            Await.until("its logs are gone", Duration.ofSeconds(10), () -> {
                List<Row> logs = ask(cluster, primary, "SHOW BINARY LOGS");
                ask(
                        cluster,
                        primary,
                        "PURGE BINARY LOGS TO '"
                                + logs.get(logs.size() - 1).get("Log_name").orElseThrow() + "'");
                return ask(cluster, primary, "SHOW BINARY LOGS").size() == 1;
            });

            long began = System.nanoTime();
            assertThat(leader.maintenance(false, false).get(5, TimeUnit.SECONDS).done())
                    .isTrue();
            var unused = Await.until(
                    "its data were set aside",
                    WholeCluster.SOON,
                    () -> asides(cluster, away).size(),
                    many -> many > 0);
            ClusterRecord whole = cluster.record();
            System.out.printf(
                    "its logs were gone: provisioned anew after %d ms%n", (System.nanoTime() - began) / 1_000_000);
            assertThat(whole.epoch()).isEqualTo(founded.epoch());
            equalEverywhere(cluster, whole, "t");
        }
    }

    private static List<Row> ask(WholeCluster cluster, int node, String sql) {
        try (NodeSession session = cluster.ground.coordinator(node)) {
            return session.ask(Sql.of(sql), TestCluster.BOUNDS.answer());
        } catch (NodeFailure e) {
            throw new AssertionError(e);
        }
    }

    private static Position applied(WholeCluster cluster, NodeName node) {
        return cluster.leader()
                .map(leader -> leader.status().view().state(node))
                .filter(Objects::nonNull)
                .<Position>map(state -> state.applied())
                .orElse(GtidPosition.EMPTY);
    }

    private static boolean tried(WholeCluster cluster, NodeName node, Duty duty, String sql) {
        try (NodeSession session = NodeSession.open(
                cluster.ground.target(cluster.number(node), duty), TestCluster.BOUNDS, TestCluster.SCHEMA)) {
            var unused = session.ask(Sql.of(sql), Duration.ofSeconds(50));
            return true;
        } catch (NodeFailure e) {
            return false;
        }
    }

    private static List<Path> asides(WholeCluster cluster, NodeName node) {
        try (Stream<Path> files = Files.list(cluster.ground.root().resolve("n" + cluster.number(node)))) {
            return files.filter(file -> file.getFileName().toString().startsWith("aside-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void equalEverywhere(WholeCluster cluster, ClusterRecord record, String table) throws Exception {
        int primary = cluster.number(record.primary());
        for (NodeName node : record.ackers().keySet()) {
            cluster.ground.awaitCaughtUp(cluster.number(node), primary);
            assertThat(cluster.ground.checksum(cluster.number(node), table))
                    .as(node.text())
                    .isEqualTo(cluster.ground.checksum(primary, table));
        }
    }
}
