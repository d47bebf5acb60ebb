package com.foobar.database.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Position;
import com.foobar.database.dialect.Receiver;
import com.foobar.database.dialect.Sql;
import com.foobar.database.embedded.DumpSource;
import com.foobar.database.embedded.NodeExit;
import com.foobar.database.embedded.Provisioning;
import com.foobar.database.embedded.Stopped;
import com.foobar.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailoverIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private TestCluster cluster;

    @BeforeEach
    void threeNodes() throws Exception {
        cluster = new TestCluster();
        cluster.startAll(1, 2, 3);
        cluster.ask(1, Duty.SCHEMA, "CREATE TABLE t (id INT PRIMARY KEY)");
        cluster.ask(1, Duty.APPLICATION, "INSERT INTO t VALUES (1)");
        // Confirmed is received by one, applied by none.
        cluster.awaitCaughtUp(2, 1);
        cluster.awaitCaughtUp(3, 1);
    }

    @AfterEach
    void nothingLeft() throws Exception {
        cluster.close();
    }

    @Test
    void aWriteThatNobodyAcknowledgedIsTakenBackWhenTheKilledPrimaryRejoins() throws Exception {
        Future<?> unconfirmed = writeThatNobodyAcknowledges("INSERT INTO t VALUES (2)");
        killThePrimary(unconfirmed);
        failOverTo(2);
        cluster.ask(2, Duty.APPLICATION, "INSERT INTO t VALUES (3)");

        long began = System.nanoTime();
        cluster.start(1);
        try (NodeSession old = cluster.coordinator(1)) {
            assertThat(old.status().readOnly()).isTrue();
            Following.rejoin(old, cluster.status(2).history(), cluster.source(2));
        }
        cluster.awaitCaughtUp(1, 2);
        System.out.println("old primary restarted, truncated and caught up: "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");

        cluster.awaitCaughtUp(3, 2);
        assertThat(cluster.ask(1, Duty.READER, "SELECT GROUP_CONCAT(id ORDER BY id) AS ids FROM t")
                        .toString())
                .contains("ids=1,3");
        assertThat(cluster.checksum(1, "t")).isEqualTo(cluster.checksum(2, "t")).isEqualTo(cluster.checksum(3, "t"));
    }

    @Test
    void aTableThatNobodyAcknowledgedMakesTheOldPrimaryErrantAndIsKeptAside() throws Exception {
        Future<?> unconfirmed = writeThatNobodyAcknowledges("CREATE TABLE mine (id INT)", Duty.SCHEMA);
        killThePrimary(unconfirmed);
        failOverTo(2);
        cluster.ask(2, Duty.APPLICATION, "INSERT INTO t VALUES (3)");

        cluster.start(1);
        try (NodeSession old = cluster.coordinator(1)) {
            Position errant = Following.errant(old, cluster.status(2).history());
            assertThat(errant.text()).isEqualTo("0-1-3");
            assertThatThrownBy(() -> Following.rejoin(old, cluster.status(2).history(), cluster.source(2)))
                    .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(NodeFailure.Kind.ERRANT))
                    .hasMessageContaining("0-1-3");
        }
        cluster.node(1).close();
        Path aside = cluster.folder(1).setAside("errant 0-1-3", TestCluster.TIME);
        assertThat(aside.resolve("app/mine.frm")).exists();
        assertThat(cluster.folder(1).isEmpty()).isTrue();

        provisionFromDonor(1, 3);
        cluster.follow(3, 2);
        cluster.follow(1, 2);
        cluster.awaitCaughtUp(1, 2);
        cluster.awaitCaughtUp(3, 2);
        assertThat(cluster.checksum(1, "t")).isEqualTo(cluster.checksum(2, "t")).isEqualTo(cluster.checksum(3, "t"));
        assertThat(cluster.ask(1, Duty.READER, "SHOW TABLES").toString()).doesNotContain("mine");
        try (NodeSession old = cluster.coordinator(1)) {
            assertThat(Following.errant(old, cluster.status(2).history()).isEmpty())
                    .isTrue();
        }
    }

    @Test
    void aDumpOfTheServingPrimaryMakesANodeThatFollowsAndHasNoWritesOfItsOwn() throws Exception {
        cluster.ask(1, Duty.SCHEMA, "CREATE PROCEDURE twice(n INT) SELECT n * 2 AS twice");
        long began = System.nanoTime();
        Provisioning.fromDump(
                cluster.engine(),
                cluster.cache(),
                new DumpSource(
                        cluster.at(1), cluster.passwords.of(Duty.BACKUP), TestCluster.SCHEMA, Optional.empty(), SOON),
                cluster.folder(4),
                cluster.identity(4),
                TestCluster.TIME);
        cluster.ask(1, Duty.APPLICATION, "INSERT INTO t VALUES (4)");
        cluster.start(4);
        assertThat(cluster.status(4).history().executed().isEmpty()).isTrue();
        assertThat(cluster.status(4).applied().text()).isEqualTo("0-1-3");
        cluster.follow(4, 1);
        cluster.awaitCaughtUp(4, 1);
        System.out.println("new node by dump, following and caught up: "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        assertThat(cluster.checksum(4, "t")).isEqualTo(cluster.checksum(1, "t"));
        assertThat(cluster.ask(4, Duty.READER, "CALL twice(21)").toString()).contains("42");
        try (NodeSession node = cluster.coordinator(4)) {
            assertThat(Following.errant(node, cluster.status(1).history()).isEmpty())
                    .isTrue();
        }
    }

    @Test
    void aPrimaryThatWorksHandsOverWithoutBeingRestarted() throws Exception {
        try (NodeSession old = cluster.coordinator(1);
                NodeSession next = cluster.coordinator(2)) {
            long began = System.nanoTime();
            Position last = Demotion.closeWrites(old, Duration.ofSeconds(5));
            Await.until("node 2 has all", SOON, () -> covers(next, last));
            Following.stopReceiver(next);
            Promotion.promote(next, Drain.run(next, last, SOON, TestCluster.TIME));
            cluster.follow(3, 2);
            cluster.ask(2, Duty.APPLICATION, "INSERT INTO t VALUES (5)");
            System.out.println("switchover, from the last write to the next confirmed one: "
                    + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
            Demotion.toReplica(old);
            Following.rejoin(old, cluster.status(2).history(), cluster.source(2));
        }
        cluster.awaitCaughtUp(1, 2);
        assertThat(cluster.checksum(1, "t")).isEqualTo(cluster.checksum(2, "t"));
        assertThat(cluster.status(1).semiSync().asReplica()).isTrue();
        assertThat(cluster.status(1).receiver().orElseThrow().link()).isEqualTo(Receiver.Link.RUNNING);
    }

    @Test
    void aPrimaryWithAWriteThatWaitsIsNotDemoted() throws Exception {
        Future<?> unconfirmed = writeThatNobodyAcknowledges("INSERT INTO t VALUES (2)");
        try (NodeSession old = cluster.coordinator(1)) {
            assertThatThrownBy(() -> Demotion.closeWrites(old, Duration.ofMillis(300)))
                    .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(NodeFailure.Kind.TIMEOUT));
        }
        try (NodeSession old = cluster.coordinator(1)) {
            assertThatThrownBy(() -> Demotion.toReplica(old))
                    .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(NodeFailure.Kind.UNFIT));
        }
        assertThat(unconfirmed.isDone()).isFalse();
        killThePrimary(unconfirmed);
    }

    @Test
    void aReplicaThatStillReceivesIsNotDrainedAndWithoutADrainNothingIsPromoted() throws Exception {
        try (NodeSession replica = cluster.coordinator(2)) {
            assertThatThrownBy(() -> Drain.run(replica, replica.status().received(), SOON, TestCluster.TIME))
                    .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(NodeFailure.Kind.UNFIT));
            Following.stopReceiver(replica);
            Drained drained = Drain.run(replica, replica.status().received(), SOON, TestCluster.TIME);
            Following.startReceiver(replica);
            assertThatThrownBy(() -> Promotion.promote(replica, drained))
                    .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(NodeFailure.Kind.NOT_DRAINED));
            assertThat(replica.status().readOnly()).isTrue();
        }
    }

    @Test
    void whatWasConfirmedButCannotBeAppliedIsNeverPromotedOver() throws Exception {
        try (NodeSession replica = cluster.coordinator(2)) {
            replica.ask(Sql.of("STOP SLAVE SQL_THREAD"), SOON);
            cluster.ask(1, Duty.APPLICATION, "INSERT INTO t VALUES (2)");
            Await.until("it is received", SOON, () -> {
                try {
                    return replica.status().received().text().equals("0-1-3");
                } catch (NodeFailure e) {
                    throw new AssertionError(e);
                }
            });
            Following.stopReceiver(replica);
            assertThatThrownBy(() ->
                            Drain.run(replica, replica.status().received(), Duration.ofMillis(500), TestCluster.TIME))
                    .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(NodeFailure.Kind.NOT_DRAINED))
                    .hasMessageContaining("has applied 0-1-2 of 0-1-3 and its applier has stopped");
            assertThatThrownBy(() -> Following.startApplier(replica))
                    .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(NodeFailure.Kind.UNFIT))
                    .hasMessageContaining("would forget the difference");

            // Somebody does it all the same: the server empties the relay log and looks drained, with a confirmed write
            // less.
            Position seen = replica.status().received();
            replica.ask(Sql.of("START SLAVE SQL_THREAD"), SOON);
            assertThat(replica.status().received().text()).isEqualTo("0-1-2");
            assertThatThrownBy(() -> Drain.run(replica, seen, SOON, TestCluster.TIME))
                    .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(NodeFailure.Kind.NOT_DRAINED))
                    .hasMessageContaining("holds 0-1-2 only and was seen to hold 0-1-3");

            Following.startReceiver(replica);
            cluster.awaitCaughtUp(2, 1);
        }
    }

    @Test
    void anApplierThatIsStartedWhileItReceivesForgetsNothing() throws Exception {
        try (NodeSession replica = cluster.coordinator(2)) {
            replica.ask(Sql.of("STOP SLAVE SQL_THREAD"), SOON);
            cluster.ask(1, Duty.APPLICATION, "INSERT INTO t VALUES (2)");
            Following.startApplier(replica);
            Position seen = cluster.status(1).applied();
            Await.until("it is received", SOON, () -> covers(replica, seen));
            Following.stopReceiver(replica);
            Drained drained = Drain.run(replica, seen, SOON, TestCluster.TIME);
            assertThat(drained.position().text()).isEqualTo("0-1-3");
            assertThat(Promotion.promote(replica, drained).readOnly()).isFalse();
        }
    }

    @Test
    void aReplicaOfAPrimaryThatHangsStopsReceivingInBoundedTime() throws Exception {
        long pid = cluster.node(1).pid();
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
        try (NodeSession replica = cluster.coordinator(2)) {
            long began = System.nanoTime();
            Following.stopReceiver(replica);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            System.out.println("stop receiving from a primary that hangs: " + took.toMillis() + " ms");
            assertThat(took).isLessThan(Duration.ofSeconds(4));
            assertThat(replica.status().receiver().orElseThrow().link()).isEqualTo(Receiver.Link.STOPPED);
        }
        assertThat(cluster.node(1).kill()).isEqualTo(Stopped.KILLED);
    }

    private static boolean covers(NodeSession node, Position position) {
        try {
            return Dialects.MARIADB.covers(node.status().applied(), position);
        } catch (NodeFailure e) {
            throw new AssertionError(e);
        }
    }

    private Future<?> writeThatNobodyAcknowledges(String sql) throws Exception {
        return writeThatNobodyAcknowledges(sql, Duty.APPLICATION);
    }

    private Future<?> writeThatNobodyAcknowledges(String sql, Duty who) throws Exception {
        for (int replica : new int[] {2, 3}) {
            try (NodeSession session = cluster.coordinator(replica)) {
                Following.stopReceiver(session);
            }
        }
        Await.until("nobody receives", SOON, () -> {
            try {
                return cluster.status(1).semiSync().ackers() == 0;
            } catch (NodeFailure e) {
                throw new AssertionError(e);
            }
        });
        Future<?> write = cluster.inBackground(() -> cluster.ask(1, who, sql));
        Await.until("a commit waits", SOON, () -> {
            try {
                return cluster.status(1).semiSync().waiting() == 1;
            } catch (NodeFailure e) {
                throw new AssertionError(e);
            }
        });
        return write;
    }

    private void killThePrimary(Future<?> unconfirmed) throws Exception {
        CompletableFuture<NodeExit> exit = cluster.node(1).onExit();
        long began = System.nanoTime();
        assertThat(cluster.node(1).kill()).isEqualTo(Stopped.KILLED);
        assertThat(exit.get(5, TimeUnit.SECONDS).wanted()).isTrue();
        System.out.println(
                "kill: " + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        cluster.node(1).close();
        assertThatThrownBy(() -> unconfirmed.get(5, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(Exception.class)
                .hasMessageContaining("broke");
    }

    private void failOverTo(int number) throws Exception {
        long began = System.nanoTime();
        cluster.promote(number);
        System.out.println("stop receiver, drain, promote: "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        cluster.follow(3, number);
    }

    private void provisionFromDonor(int number, int donor) throws Exception {
        long began = System.nanoTime();
        assertThatThrownBy(() -> Provisioning.fromDonor(
                        cluster.folder(donor), cluster.folder(number), cluster.identity(number), TestCluster.TIME))
                .hasMessageContaining("is running");
        assertThat(cluster.node(donor).stop(SOON)).isEqualTo(Stopped.CLEANLY);
        cluster.node(donor).close();
        Provisioning.fromDonor(
                cluster.folder(donor), cluster.folder(number), cluster.identity(number), TestCluster.TIME);
        cluster.start(donor);
        cluster.start(number);
        System.out.println("donor stopped, copied, both started: "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
    }
}
