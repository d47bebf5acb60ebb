package com.foobar.database.keeper;

import static com.foobar.database.keeper.KeptCluster.look;
import static com.foobar.database.keeper.KeptCluster.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Receiver.State;
import com.foobar.database.node.NodeDesk;
import com.foobar.database.node.Obeyed;
import com.foobar.database.remote.Access;
import com.foobar.database.remote.KeeperDoor;
import com.foobar.database.remote.RemoteNode;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One contract for a keeper in this process and for one behind a door. */
class RemoteKeeperIT {

    private static final Access ACCESS = new Access(Secret.parse("the cluster's"), Optional.empty());

    private KeptCluster cluster;
    private SystemTime time;

    @BeforeEach
    void aNode() throws Exception {
        cluster = new KeptCluster();
        time = new SystemTime("remote-test");
        cluster.openAll(1);
    }

    @AfterEach
    void nothingLeft() throws Exception {
        cluster.close();
        time.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeskIsADeskWhereverItsKeeperIs(boolean remote) throws Exception {
        if (!remote) {
            contract(cluster.keeper(1));
            return;
        }
        HostPort at = new HostPort("127.0.0.1", FreePorts.one());
        KeeperDoor door = KeeperDoor.open(
                at, "door.port", ACCESS, List.of(cluster.keeper(1)), Optional.empty(), Optional.empty(), time);
        RemoteNode desk = new RemoteNode(name(1), at, ACCESS, Duration.ofMillis(400), time);
        try {
            contract(desk);
        } finally {
            desk.close();
            door.close();
        }
    }

    private void contract(NodeDesk desk) throws Exception {
        assertThat(desk.name()).isEqualTo(name(1));
        CountDownLatch news = new CountDownLatch(1);
        desk.onSignal(news::countDown);
        NodeState fresh = answered(desk);
        assertThat(fresh.cluster()).isEqualTo(cluster.ground.name);
        assertThat(fresh.boot().tail()).isEqualTo(Boot.Tail.KEPT);
        assertThat(fresh.receiver().state()).isEqualTo(State.STOPPED);
        NodeView view = look(desk);
        assertThat(view.answered().isBefore(view.asked())).isFalse();
        assertThat(time.nanos() - view.answered().nanos()).isNotNegative();

        Generation wrong = new Generation("another", new Epoch(1), 1);
        assertThat(order(desk, new NodeOrder.Follow(name(1), name(2), wrong)).done())
                .isFalse();
        Obeyed promoted = order(
                desk, new NodeOrder.Promote(name(1), new Epoch(1), fresh.boot().id(), fresh.applied()));
        assertThat(promoted).matches(Obeyed::done);
        assertThat(answered(desk).readOnly()).isFalse();
        assertThat(answered(desk).reign()).isEqualTo(new Epoch(1));
        assertThat(answered(desk).lag()).isEqualTo(Duration.ZERO);

        KeptCluster.signal(cluster.pid(1), "STOP");
        NodeView hung =
                Await.until("it hangs", KeptCluster.SOON, () -> look(desk), seen -> seen.reach() == Reach.TIMED_OUT);
        assertThat(hung.keeper()).isEqualTo(NodeView.Keeper.RUNS);
        assertThat(hung.failingSince()).isNotNull();
        assertThat(order(desk, new NodeOrder.Fence(name(1))).detail()).isEqualTo("killed");
        assertThat(news.await(10, TimeUnit.SECONDS)).isTrue();
        NodeView dead = look(desk);
        assertThat(dead.reach()).isEqualTo(Reach.EXITED);
        assertThat(dead.keeper()).isEqualTo(NodeView.Keeper.STOPPED);
        assertThat(order(desk, new NodeOrder.Start(name(1), Boot.Tail.KEPT, new Epoch(1)))
                        .done())
                .isTrue();
        assertThat(answered(desk).readOnly()).isTrue();
    }

    private static NodeState answered(NodeDesk desk) {
        NodeView view = Await.until("it answers", KeptCluster.SOON, () -> look(desk), NodeView::isAnswered);
        return Objects.requireNonNull(view.state());
    }

    private Obeyed order(NodeDesk desk, NodeOrder order) throws Exception {
        return desk.order(cluster.stamp(), order).get(30, TimeUnit.SECONDS);
    }
}
