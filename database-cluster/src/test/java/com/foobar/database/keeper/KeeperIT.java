package com.foobar.database.keeper;

import static com.foobar.database.keeper.KeptCluster.look;
import static com.foobar.database.keeper.KeptCluster.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.decide.NodeOrder;
import com.foobar.database.dialect.Sql;
import com.foobar.database.embedded.ProcessStamp;
import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Receiver.State;
import com.foobar.database.model.Stamp;
import com.foobar.database.model.Term;
import com.foobar.database.node.Obeyed;
import com.foobar.database.storage.FolderSync;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeeperIT {

    private static final Duration SOON = KeptCluster.SOON;

    private KeptCluster cluster;

    @BeforeEach
    void empty() throws Exception {
        cluster = new KeptCluster();
    }

    @AfterEach
    void nothingLeft() throws Exception {
        cluster.close();
    }

    @Test
    void aNewNodeIsThereAtOnceReadOnlyAndFollowsNobody() throws Exception {
        long began = System.nanoTime();
        cluster.openAll(1, 2, 3);
        System.out.println("three keepers opened, their servers answering: " + millisSince(began) + " ms");
        NodeView view = look(cluster.keeper(1));
        assertThat(view.reach()).isEqualTo(Reach.ANSWERED);
        assertThat(view.keeper()).isEqualTo(NodeView.Keeper.RUNS);
        assertThat(view.failingSince()).isNull();
        NodeState state = cluster.state(1);
        assertThat(state.cluster()).isEqualTo(cluster.ground.name);
        assertThat(state.role()).isEqualTo(NodeState.Role.NEITHER);
        assertThat(state.reign()).isEqualTo(Epoch.NONE);
        assertThat(state.boot().tail()).isEqualTo(Boot.Tail.KEPT);
        assertThat(state.receiver().state()).isEqualTo(State.STOPPED);
        assertThat(state.receiver().generation())
                .isEqualTo(new Generation(state.boot().id(), Epoch.NONE, 0));
        assertThat(state.obeyed()).isEqualTo(Stamp.NONE);
    }

    @Test
    void aServerWhosePortWasTakenStartsWhenItIsFree() throws Exception {
        HostPort at = cluster.ground.at(1);
        try (ServerSocket somebody = new ServerSocket(at.port(), 1, InetAddress.getByName(at.host()))) {
            Keeper keeper = cluster.open(1);
            assertThatThrownBy(() -> keeper.started().get(60, TimeUnit.SECONDS))
                    .hasMessageContaining(Integer.toString(somebody.getLocalPort()));
        }
        assertThat(cluster.state(1).role()).isEqualTo(NodeState.Role.NEITHER);
    }

    @Test
    void everyOrderDoesWhatItSaysAndARepeatedOneNoHarm() throws Exception {
        cluster.openAll(1, 2);
        Generation as = cluster.next(2, 1);
        NodeOrder.Follow follow = new NodeOrder.Follow(name(2), name(1), as);
        assertThat(cluster.order(follow).done()).isTrue();
        long began = System.nanoTime();
        assertThat(cluster.promote(1, 1)).matches(Obeyed::done);
        System.out.println("promotion by a keeper: " + millisSince(began) + " ms");
        cluster.write(1, "CREATE TABLE t (id INT PRIMARY KEY)");
        cluster.caughtUp(2, 1);
        NodeState primary = cluster.state(1);
        assertThat(primary.role()).isEqualTo(NodeState.Role.PRIMARY);
        assertThat(primary.reign()).isEqualTo(new Epoch(1));
        assertThat(primary.semiSync().waits()).isTrue();
        assertThat(primary.obeyed().term()).isEqualTo(new Term(1));
        NodeState replica = cluster.state(2);
        assertThat(replica.receiver().source()).isEqualTo(name(1));
        assertThat(replica.receiver().generation()).isEqualTo(as);
        assertThat(replica.drained()).isTrue();

        assertThat(cluster.order(follow).detail()).isEqualTo("follows already");
        assertThat(cluster.state(2).receiver().generation()).isEqualTo(as);
        assertThat(cluster.promote(1, 1).detail()).isEqualTo("reigns already");
        assertThat(cluster.promote(1, 2).detail()).contains("refused: it takes writes for epoch 1");
        assertThat(cluster.order(new NodeOrder.WaitForAcks(name(2), true)).detail())
                .contains("it is not the primary");
        assertThat(cluster.order(new NodeOrder.WaitForAcks(name(1), false)).done())
                .isTrue();
        assertThat(cluster.state(1).semiSync().waits()).isFalse();
        assertThat(cluster.order(new NodeOrder.WaitForAcks(name(1), true)).done())
                .isTrue();

        assertThat(cluster.order(new NodeOrder.StopReceiver(name(2))).done()).isTrue();
        assertThat(cluster.state(2).receiver().state()).isEqualTo(State.STOPPED);
        assertThat(cluster.state(2).receiver().generation())
                .as("a stop breaks nothing")
                .isEqualTo(as);
        assertThat(cluster.order(follow).detail()).isEqualTo("follows already");
        assertThat(cluster.state(2).receiver().state())
                .as("and is not undone by an old order")
                .isEqualTo(State.STOPPED);

        assertThat(cluster.order(new NodeOrder.Demote(name(1))).done()).isTrue();
        assertThat(cluster.state(1).readOnly()).isTrue();
        assertThat(cluster.promote(2, 2, cluster.state(1).applied())).matches(Obeyed::done);
        assertThat(cluster.follow(1, 2, 2).done()).isTrue();
        cluster.write(2, "INSERT INTO t VALUES (2)");
        cluster.caughtUp(1, 2);
        assertThat(cluster.state(1).semiSync().acks()).isTrue();
        assertThat(cluster.ground.checksum(1, "t")).isEqualTo(cluster.ground.checksum(2, "t"));
    }

    @Test
    void ordersThatAreTooOldOrForAnotherLifeAreRefused() throws Exception {
        cluster.openAll(1);
        cluster.lease.answer = HandLease.granted(5, 7);
        AtomicLong sequence = new AtomicLong();
        Await.until("the lease of term 5 is heard of", SOON, () -> {
            try {
                return order(1, 4, 9, sequence.incrementAndGet()).detail().contains("too old");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(order(1, 5, 6, 2).detail())
                .as("an older version of the record")
                .contains("too old");
        assertThat(order(1, 5, 7, 3).done()).isTrue();
        assertThat(order(1, 5, 7, 3).detail()).as("the same sequence").contains("too old");
        cluster.term = 6;
        cluster.version = 8;
        assertThat(cluster.order(new NodeOrder.Promote(
                                name(1),
                                new Epoch(1),
                                "b9-other",
                                cluster.state(1).applied()))
                        .detail())
                .contains("another life");
        assertThat(cluster.order(new NodeOrder.Follow(
                                name(1),
                                name(2),
                                new Generation(cluster.state(1).boot().id(), new Epoch(1), 4)))
                        .detail())
                .contains("its next generation is");
        assertThat(cluster.keeper(1)
                        .order(cluster.stamp(), new NodeOrder.Fence(name(2)))
                        .get(5, TimeUnit.SECONDS)
                        .detail())
                .contains("this is db1");
    }

    @Test
    void aKeeperWithoutNotesObeysNobodyBeforeItHasHeardWhoLeads() throws Exception {
        cluster.lease.answer = HandLease.silent();
        cluster.openAll(1);
        assertThat(cluster.order(new NodeOrder.StopReceiver(name(1))).detail()).contains("no notes and no lease yet");
        assertThat(cluster.order(new NodeOrder.Fence(name(1))).detail())
                .as("but ends its server for anybody")
                .isEqualTo("killed");
    }

    private Obeyed order(int node, long term, long version, long sequence) throws Exception {
        return cluster.keeper(node)
                .order(new Stamp(new Term(term), version, sequence), new NodeOrder.StopReceiver(name(node)))
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void aFenceKillsAndOnlyAnOrderStartsAgain() throws Exception {
        cluster.openAll(1, 2);
        cluster.reign(1, 1, 2);
        cluster.write(1, "CREATE TABLE t (id INT PRIMARY KEY)");
        String life = cluster.state(1).boot().id();
        CountDownLatch news = new CountDownLatch(1);
        cluster.keeper(1).onSignal(news::countDown);
        long began = System.nanoTime();
        assertThat(cluster.order(new NodeOrder.Fence(name(1))).detail()).isEqualTo("killed");
        System.out.println("fence: " + millisSince(began) + " ms");
        assertThat(news.await(5, TimeUnit.SECONDS)).isTrue();
        NodeView view = look(cluster.keeper(1));
        assertThat(view.reach()).isEqualTo(Reach.EXITED);
        assertThat(view.keeper()).isEqualTo(NodeView.Keeper.STOPPED);
        assertThat(view.failingSince()).isNotNull();

        assertThat(cluster.start(1, Boot.Tail.TRUNCATED, 1).detail())
                .contains("its tail may hold what was acknowledged");
        assertThat(cluster.start(1, Boot.Tail.KEPT, 1).done()).isTrue();
        NodeState kept = cluster.state(1);
        assertThat(kept.boot().id()).isNotEqualTo(life);
        assertThat(kept.boot().tail()).isEqualTo(Boot.Tail.KEPT);
        assertThat(kept.readOnly()).isTrue();
        assertThat(kept.reign()).isEqualTo(new Epoch(1));
        assertThat(cluster.start(1, Boot.Tail.KEPT, 1).detail()).isEqualTo("runs already");
        assertThat(cluster.start(1, Boot.Tail.TRUNCATED, 2).done()).isTrue();
        assertThat(cluster.state(1).boot().tail()).isEqualTo(Boot.Tail.TRUNCATED);
        assertThat(cluster.state(1).boot().id()).isNotEqualTo(kept.boot().id());
    }

    @Test
    void aPrimaryWhoseLeaseRunsOutIsKilledBeforeItsEnd() throws Exception {
        cluster.openAll(1, 2);
        cluster.reign(1, 1, 2);
        Await.until("it renews as what it is", SOON, () -> cluster.lease.asked.contains("db1 epoch 1"));
        cluster.lease.answer = HandLease.silent();
        long silent = System.nanoTime();
        cluster.awaitView(1, "it is killed", view -> view.reach() == Reach.EXITED);
        long took = millisSince(silent);
        System.out.println("lease lost to primary dead: " + took + " ms of " + HandLease.LENGTH.toMillis());
        // The signal comes before the lease ends, as LeaseWatchTest shows by hand; a process on a busy machine takes a
        // while to go.
        assertThat(took).isLessThan(HandLease.LENGTH.toMillis() + 1_500);
        // Before that the replica may have been seen at rest and be killed all the same, for it rested too late.
        Await.until(
                "the lease is over for the replica, too",
                SOON,
                () -> millisSince(silent) > 2 * HandLease.LENGTH.toMillis());
        NodeView other = cluster.awaitView(
                2,
                "the replica receives nothing, or is killed where it does not stop in time",
                view -> view.reach() == Reach.EXITED || (view.state() != null && isStopped(view.state())));
        if (other.reach() == Reach.EXITED) {
            assertThat(cluster.start(2, Boot.Tail.KEPT, 1).done()).isTrue();
        }
        assertThat(cluster.promote(2, 2).detail()).contains("it has no lease");
        assertThat(cluster.follow(2, 1, 2).detail()).contains("it has no lease");
        cluster.lease.answer = HandLease.granted(1, 1);
        Await.until("with a lease it obeys again", SOON, () -> {
            try {
                return cluster.promote(2, 2).done();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static boolean isStopped(NodeState state) {
        return state.receiver().state() == State.STOPPED;
    }

    @Test
    void aBarredPrimaryDiesAtOnceAndABarredReplicaOnlyStopsReceiving() throws Exception {
        cluster.openAll(1, 2);
        cluster.reign(1, 1, 2);
        cluster.lease.answer = HandLease.barred(2, 5);
        long barred = System.nanoTime();
        cluster.awaitView(1, "it is killed", view -> view.reach() == Reach.EXITED);
        assertThat(millisSince(barred)).isLessThan(2_000);
        assertThat(cluster.awaitState(2, "the replica receives nothing", KeeperIT::isStopped))
                .isNotNull();
        cluster.lease.answer = HandLease.granted(1, 9);
        assertThat(cluster.follow(2, 1, 1).detail())
                .as("a deposed one's lease is none")
                .contains("too old");
    }

    @Test
    void aHungServerIsSeenInTimeAndFencedAllTheSame() throws Exception {
        cluster.openAll(1, 2);
        cluster.reign(1, 1, 2);
        KeptCluster.signal(cluster.pid(1), "STOP");
        for (int i = 0; i < 4; i++) {
            long asked = System.nanoTime();
            NodeView view = look(cluster.keeper(1));
            assertThat(view.reach()).isEqualTo(Reach.TIMED_OUT);
            assertThat(view.keeper()).isEqualTo(NodeView.Keeper.RUNS);
            assertThat(millisSince(asked)).isLessThan(400);
        }
        var stop = cluster.keeper(1).order(cluster.stamp(), new NodeOrder.StopReceiver(name(1)));
        long began = System.nanoTime();
        assertThat(cluster.order(new NodeOrder.Fence(name(1))).done()).isTrue();
        System.out.println("fence of a hung server, an order before it: " + millisSince(began) + " ms");
        assertThat(millisSince(began)).as("not behind the order that hangs").isLessThan(500);
        assertThat(stop.get(5, TimeUnit.SECONDS).done()).isFalse();
        assertThat(look(cluster.keeper(1)).reach()).isEqualTo(Reach.EXITED);
    }

    @Test
    void aKeeperThatIsOpenedAgainRemembersWhatItMust() throws Exception {
        cluster.openAll(1, 2);
        cluster.term = 3;
        cluster.reign(4, 1, 2);
        Stamp last = cluster.state(1).obeyed();
        String life = cluster.state(1).boot().id();
        cluster.close(1);
        cluster.openAll(1);
        NodeState state = cluster.state(1);
        assertThat(state.obeyed()).isEqualTo(last);
        assertThat(state.reign()).isEqualTo(new Epoch(4));
        assertThat(state.readOnly()).isTrue();
        assertThat(state.boot().id()).isNotEqualTo(life);
        assertThat(cluster.keeper(1)
                        .order(last, new NodeOrder.Fence(name(1)))
                        .get(5, TimeUnit.SECONDS)
                        .detail())
                .contains("too old");
        assertThat(cluster.start(1, Boot.Tail.TRUNCATED, 4).detail()).contains("refused");
    }

    @Test
    void threadsThatSomebodyRestartedBreakTheGeneration() throws Exception {
        cluster.openAll(1, 2);
        cluster.reign(1, 1, 2);
        Generation before = cluster.state(2).receiver().generation();
        try (var session = cluster.ground.coordinator(2)) {
            session.ask(Sql.of("STOP SLAVE IO_THREAD"), SOON);
            session.ask(Sql.of("START SLAVE IO_THREAD"), SOON);
            assertThat(cluster.state(2).receiver().generation())
                    .as("the relay log lived on")
                    .isEqualTo(before);
            session.ask(Sql.of("STOP SLAVE"), SOON);
            session.ask(Sql.of("START SLAVE"), SOON);
        }
        Generation after = cluster.state(2).receiver().generation();
        assertThat(after).isEqualTo(before.next(before.boot(), before.followed()));
        assertThat(cluster.state(2).receiver().generation()).as("once").isEqualTo(after);
    }

    @Test
    void dataThatVanishedProvesNothing() throws Exception {
        cluster.openAll(1);
        assertThat(cluster.promote(1, 1)).matches(Obeyed::done);
        assertThat(cluster.order(new NodeOrder.Fence(name(1))).done()).isTrue();
        FolderSync.delete(cluster.ground.folder(1).data());
        assertThat(cluster.start(1, Boot.Tail.KEPT, 1).done()).isTrue();
        assertThat(cluster.state(1).boot().tail()).isEqualTo(Boot.Tail.TRUNCATED);
        assertThat(cluster.state(1).reign()).isEqualTo(new Epoch(1));
    }

    @Test
    void anOldPrimaryRejoinsByOrders() throws Exception {
        cluster.openAll(1, 2);
        cluster.reign(1, 1, 2);
        cluster.write(1, "CREATE TABLE t (id INT PRIMARY KEY)");
        assertThat(cluster.order(new NodeOrder.StopReceiver(name(2))).done()).isTrue();
        var unacknowledged =
                cluster.ground.inBackground(() -> cluster.ground.ask(1, Duty.APPLICATION, "INSERT INTO t VALUES (1)"));
        Await.until("a commit waits", SOON, () -> {
            try {
                return cluster.ground.status(1).semiSync().waiting() == 1;
            } catch (NodeFailure e) {
                throw new AssertionError(e);
            }
        });
        assertThat(cluster.order(new NodeOrder.Fence(name(1))).done()).isTrue();
        assertThatThrownBy(() -> unacknowledged.get(10, TimeUnit.SECONDS)).hasMessageContaining("broke");
        long began = System.nanoTime();
        assertThat(cluster.promote(2, 2)).matches(Obeyed::done);
        cluster.close(1);
        cluster.openAll(1);
        assertThat(look(cluster.keeper(1)).reach())
                .as("it died in office: its tail is not its own to keep")
                .isEqualTo(Reach.EXITED);
        assertThat(cluster.start(1, Boot.Tail.TRUNCATED, 2).done()).isTrue();
        assertThat(cluster.state(2).applied().covers(cluster.state(1).applied()))
                .isTrue();
        assertThat(cluster.follow(1, 2, 2).done()).isTrue();
        cluster.write(2, "INSERT INTO t VALUES (2)");
        cluster.caughtUp(1, 2);
        System.out.println("promoted, old keeper and primary restarted and caught up: " + millisSince(began) + " ms");
        assertThat(cluster.ground.checksum(1, "t")).isEqualTo(cluster.ground.checksum(2, "t"));
    }

    @Test
    void aNodeThatDivergedIsProvisionedAnewAndItsOldDataKept() throws Exception {
        cluster.openAll(1, 2);
        cluster.reign(1, 1, 2);
        cluster.write(1, "CREATE TABLE t (id INT PRIMARY KEY)");
        cluster.write(1, "INSERT INTO t VALUES (1)");
        cluster.caughtUp(2, 1);
        assertThat(cluster.order(new NodeOrder.StopReceiver(name(2))).done()).isTrue();
        assertThat(cluster.order(new NodeOrder.Fence(name(1))).done()).isTrue();
        assertThat(cluster.promote(2, 2)).matches(Obeyed::done);
        assertThat(cluster.order(new NodeOrder.WaitForAcks(name(2), false)).done())
                .isTrue();
        cluster.write(2, "INSERT INTO t VALUES (2)");
        assertThat(cluster.order(new NodeOrder.Reprovision(name(2), name(2))).detail())
                .contains("it takes writes");

        long began = System.nanoTime();
        Obeyed anew = cluster.order(new NodeOrder.Reprovision(name(1), name(2)));
        System.out.println("provisioned anew: " + millisSince(began) + " ms; " + anew.detail());
        assertThat(anew.done()).isTrue();
        assertThat(anew.detail()).contains("the old data is kept in ").contains("started as");
        assertThat(cluster.state(1).applied())
                .as("what the first primary wrote counts, too")
                .isEqualTo(cluster.state(2).applied());
        assertThat(cluster.follow(1, 2, 2).done()).isTrue();
        cluster.write(2, "INSERT INTO t VALUES (3)");
        cluster.caughtUp(1, 2);
        assertThat(cluster.ground.checksum(1, "t")).isEqualTo(cluster.ground.checksum(2, "t"));
        assertThat(cluster.ground
                        .ask(1, Duty.READER, "SELECT COUNT(*) AS n FROM t")
                        .toString())
                .contains("n=3");
    }

    @Test
    void aServerDoesNotOutliveAProgramThatIsKilled() throws Exception {
        try (Children children = new Children()) {
            Child program = children.start(
                    "program",
                    Children.java(
                            "-cp",
                            System.getProperty("java.class.path"),
                            KeptElsewhere.class.getName(),
                            TestCluster.place().toString(),
                            cluster.ground.cache().toString(),
                            cluster.ground.folder(1).root().toString(),
                            Integer.toString(FreePorts.one()),
                            cluster.ground.name));
            String line = program.awaitLine("READY child [0-9]+", SOON);
            ProcessHandle server = ProcessHandle.of(Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .orElseThrow();
            long began = System.nanoTime();
            assertThat(ProcessHandle.of(program.pid()).orElseThrow().destroyForcibly())
                    .isTrue();
            Await.until(
                    "its server is dead", SOON, () -> ProcessStamp.of(server).isEmpty());
            System.out.println("kill -9 of the program to the end of its server: " + millisSince(began) + " ms");
            assertThat(millisSince(began)).isLessThan(2_000);
        }
    }

    private static long millisSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
}
