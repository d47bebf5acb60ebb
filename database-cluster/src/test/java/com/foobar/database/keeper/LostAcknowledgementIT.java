package com.foobar.database.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.decide.NodeOrder;
import com.foobar.database.dialect.Row;
import com.foobar.database.dialect.Sql;
import com.foobar.database.model.Boot;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Position;
import com.foobar.database.node.Obeyed;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.FaultProxy;
import com.foobar.testkit.FaultProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LostAcknowledgementIT {

    private static final GtidPosition SECOND = GtidPosition.parse("0-1-2");

    /** The first is primary, the second follows it over the link; a table is there. */
    private static void reign(KeptCluster cluster, FaultProxy link) throws Exception {
        cluster.links.put(1, new HostPort("127.0.0.1", link.port()));
        cluster.openAll(1, 2);
        cluster.reign(1, 1, 2);
        cluster.write(1, "CREATE TABLE t (id INT PRIMARY KEY)");
        cluster.caughtUp(2, 1);
    }

    @Test
    void aWriteWhoseAcknowledgementWasLostIsAnsweredWhenItsReplicaIsBack() throws Exception {
        try (KeptCluster cluster = new KeptCluster();
                FaultProxy link = FaultProxy.to(cluster.ground.at(1).port())) {
            reign(cluster, link);

            FaultProxy unused = link.cut(Direction.TO_TARGET);
            CompletableFuture<Long> write = CompletableFuture.supplyAsync(() -> insert(cluster));
            NodeState received = cluster.awaitState(
                    2, "it has received it", state -> state.received().covers(SECOND));
            assertThat(received.receiver().source()).isEqualTo(KeptCluster.name(1));
            assertThat(write).as("nobody acknowledged it").isNotDone();
            link.heal();

            // The replica has it already and says nothing of it again; and nobody else writes.
            long healed = System.nanoTime();
            // As a coordinator does.
            NodeView unusedToo = cluster.awaitView(1, "the write is answered", view -> write.isDone());
            long answered = write.get();
            System.out.printf("answered %d ms after the link was whole%n", (answered - healed) / 1_000_000);
        }
    }

    @Test
    void whereAPushCannotReachTheLogThePrimaryIsKilledAndNobodyWasAnswered() throws Exception {
        try (KeptCluster cluster = new KeptCluster();
                FaultProxy link = FaultProxy.to(cluster.ground.at(1).port())) {
            reign(cluster, link);

            FaultProxy unused = link.cut(Direction.TO_TARGET);
            List<CompletableFuture<Boolean>> writes = IntStream.range(0, 4)
                    .mapToObj(id -> CompletableFuture.supplyAsync(
                            () -> tried(cluster, "INSERT INTO t VALUES (" + id + ")"),
                            command -> new Thread(command).start()))
                    .toList();
            NodeState unusedToo = cluster.awaitState(
                    2, "it has received some", state -> state.received().covers(SECOND));
            link.heal();

            long healed = System.nanoTime();
            NodeView unusedView = cluster.awaitView(1, "its end", view -> view.reach() == NodeView.Reach.EXITED);
            System.out.printf("killed %d ms after the link was whole%n", (System.nanoTime() - healed) / 1_000_000);
            for (CompletableFuture<Boolean> write : writes) {
                assertThat(write.get()).as("was answered").isFalse();
            }
        }
    }

    /** Pushed on or not: what nobody acknowledged is cut off when the primary that has it died, unless it cannot be. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPrimaryStartsAgainWhateverItsTailHolds(boolean withTable) throws Exception {
        try (KeptCluster cluster = new KeptCluster();
                FaultProxy link = FaultProxy.to(cluster.ground.at(1).port())) {
            reign(cluster, link);

            FaultProxy unused = link.blackHole();
            Position before = cluster.state(1).applied();
            CompletableFuture<Boolean> write =
                    CompletableFuture.supplyAsync(() -> tried(cluster, "INSERT INTO t VALUES (2)"));
            NodeState unusedToo = cluster.awaitState(
                    1, "it was written", state -> state.applied().covers(SECOND));
            // Either the table, or what pushes the row on.
            CompletableFuture<Boolean> table = CompletableFuture.supplyAsync(
                    () -> withTable && tried(cluster, "CREATE TABLE u (id INT PRIMARY KEY)"));
            Position whole = cluster.awaitState(1, "and another", state -> !SECOND.covers(state.applied()))
                    .applied();
            assertThat(cluster.order(new NodeOrder.Fence(KeptCluster.name(1))).done())
                    .isTrue();
            assertThat(write.get() || table.get()).as("it was answered").isFalse();

            Obeyed started = cluster.start(1, Boot.Tail.TRUNCATED, 2);
            assertThat(started).matches(Obeyed::done);
            NodeState again = cluster.state(1);
            assertThat(again.boot().tail()).as("it claims no more").isEqualTo(Boot.Tail.TRUNCATED);
            assertThat(again.readOnly()).isTrue();
            assertThat(again.applied().covers(whole)).as("whole").isEqualTo(withTable);
            assertThat(again.applied().equals(before)).as("cut off").isEqualTo(!withTable);
        }
    }

    private static boolean tried(KeptCluster cluster, String sql) {
        try (NodeSession session =
                NodeSession.open(cluster.ground.target(1, Duty.SCHEMA), TestCluster.BOUNDS, TestCluster.SCHEMA)) {
            List<Row> unused = session.ask(Sql.of(sql), Duration.ofSeconds(50));
            return true;
        } catch (NodeFailure e) {
            return false;
        }
    }

    private static long insert(KeptCluster cluster) {
        try (NodeSession session =
                NodeSession.open(cluster.ground.target(1, Duty.APPLICATION), TestCluster.BOUNDS, TestCluster.SCHEMA)) {
            List<Row> unused = session.ask(Sql.of("INSERT INTO t VALUES (1)"), Duration.ofSeconds(50));
            return System.nanoTime();
        } catch (NodeFailure e) {
            throw new AssertionError(e);
        }
    }
}
