package com.foobar.database.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.dialect.Row;
import com.foobar.database.dialect.Sql;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.FaultProxy;
import com.foobar.testkit.FaultProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LostAcknowledgementIT {

    @Test
    void aWriteWhoseAcknowledgementWasLostIsAnsweredWhenItsReplicaIsBack() throws Exception {
        try (KeptCluster cluster = new KeptCluster();
                FaultProxy link = FaultProxy.to(cluster.ground.at(1).port())) {
            cluster.links.put(1, new HostPort("127.0.0.1", link.port()));
            cluster.openAll(1, 2);
            cluster.reign(1, 1, 2);
            cluster.write(1, "CREATE TABLE t (id INT PRIMARY KEY)");
            cluster.caughtUp(2, 1);

            FaultProxy unused = link.cut(Direction.TO_TARGET);
            CompletableFuture<Long> write = CompletableFuture.supplyAsync(() -> insert(cluster));
            NodeState received = cluster.awaitState(
                    2, "it has received it", state -> state.received().covers(GtidPosition.parse("0-1-2")));
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
