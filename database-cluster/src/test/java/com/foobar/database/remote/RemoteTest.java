package com.foobar.database.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Receiver;
import com.foobar.database.model.SemiSync;
import com.foobar.database.model.Stamp;
import com.foobar.database.model.Term;
import com.foobar.database.node.LeaseAnswer;
import com.foobar.database.node.LeaseDesk;
import com.foobar.database.node.NewsDesk;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Await;
import com.foobar.testkit.FaultProxy;
import com.foobar.testkit.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(400);
    private static final NodeName DB1 = new NodeName("db1");
    private static final Access ACCESS = new Access(Secret.parse("the cluster's"), Optional.empty());

    private final SystemTime time = new SystemTime("remote-test");
    private final HandNode node = new HandNode();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final HostPort at = new HostPort("127.0.0.1", FreePorts.block(1).get(0));
    private volatile LeaseAnswer lease = new LeaseAnswer.Unanswered("it does not lead");
    private final List<String> renewals = new ArrayList<>();
    private final CompletableFuture<String> published = new CompletableFuture<>();
    private final List<String> asked = java.util.Collections.synchronizedList(new ArrayList<>());
    private final NewsDesk news = (epoch, version, wait) -> {
        asked.add(epoch + "." + version + " for " + wait.toMillis());
        return published.copy();
    };
    private KeeperDoor door;

    @BeforeEach
    void aDoor() throws StartFailure {
        door = door();
    }

    private KeeperDoor door() throws StartFailure {
        LeaseDesk desk = (name, reign) -> {
            synchronized (renewals) {
                renewals.add(name + " " + reign);
            }
            return CompletableFuture.completedFuture(lease);
        };
        return KeeperDoor.open(at, "door.port", ACCESS, List.of(node), Optional.of(desk), Optional.of(news), time);
    }

    @Test
    void whoAsksForNewsWaitsForItAndIsToldWhereNobodyKnows() throws Exception {
        RemoteNews far = new RemoteNews(at, ACCESS, time);
        open.add(far);
        CompletableFuture<String> answer = far.newerThan(3, 17, Duration.ofSeconds(5));
        Await.until("the question has come", SOON, () -> !asked.isEmpty());
        assertThat(asked).containsExactly("3.17 for 5000");
        assertThat(answer).isNotDone();
        published.complete("{\"epoch\":4}");
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("{\"epoch\":4}");
        published.obtrudeException(new IllegalStateException("db2 leads"));
        assertThat(far.newerThan(4, 1, Duration.ofSeconds(5)))
                .failsWithin(SOON)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withMessageContaining("db2 leads");
    }

    @AfterEach
    void closed() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        door.close();
        time.close();
    }

    private RemoteNode remote(HostPort where, Access access) {
        RemoteNode remote = new RemoteNode(DB1, where, access, LOOK, time);
        open.add(remote);
        return remote;
    }

    private static NodeState state() {
        return new NodeState(
                "c1",
                true,
                new Epoch(3),
                GtidPosition.parse("0-1-5,0-2-7"),
                GtidPosition.parse("0-1-5,0-2-9"),
                new Receiver(Receiver.State.CONNECTING, new NodeName("db2"), new Generation("b1", new Epoch(3), 2)),
                true,
                new SemiSync(false, true),
                Duration.ofMillis(1500),
                new Boot("b1", Boot.Tail.TRUNCATED),
                new Stamp(new Term(4), 5, 6));
    }

    private static CompletableFuture<NodeView> seen(Reach reach, Keeper keeper, NodeState state) {
        // Moments of the other machine, far from ours.
        Moment there = new Moment(-1_000_000_000_000L);
        return CompletableFuture.completedFuture(
                new NodeView(DB1, there, there, reach, keeper, state == null ? there : null, state));
    }

    @Test
    void whatIsSeenThereIsSeenHereAtOurOwnMoments() throws Exception {
        RemoteNode remote = remote(at, ACCESS);
        node.view = () -> seen(Reach.ANSWERED, Keeper.RUNS, state());
        long before = time.nanos();
        NodeView view = remote.look().get(10, TimeUnit.SECONDS);
        assertThat(view.state()).isEqualTo(state());
        assertThat(view.reach()).isEqualTo(Reach.ANSWERED);
        assertThat(view.asked().nanos() - before).isNotNegative();
        assertThat(view.answered().isBefore(view.asked())).isFalse();
        assertThat(view.failingSince()).isNull();

        node.view = () -> seen(Reach.EXITED, Keeper.STOPPED, null);
        NodeView ended = remote.look().get(10, TimeUnit.SECONDS);
        assertThat(ended.reach()).isEqualTo(Reach.EXITED);
        assertThat(ended.keeper()).isEqualTo(Keeper.STOPPED);
        assertThat(ended.failingSince()).isEqualTo(ended.asked());
        assertThat(remote.look().get(10, TimeUnit.SECONDS).failingSince()).isEqualTo(ended.asked());
    }

    @Test
    void everyOrderArrivesAsItWasGiven() throws Exception {
        RemoteNode remote = remote(at, ACCESS);
        NodeName source = new NodeName("db2");
        List<NodeOrder> orders = List.of(
                new NodeOrder.Fence(DB1),
                new NodeOrder.StopReceiver(DB1),
                new NodeOrder.Promote(DB1, new Epoch(7), "b3", GtidPosition.EMPTY),
                new NodeOrder.Promote(DB1, new Epoch(7), "b3", GtidPosition.parse("0-1-5")),
                new NodeOrder.Follow(DB1, source, new Generation("b3", new Epoch(7), 1)),
                new NodeOrder.Start(DB1, Boot.Tail.TRUNCATED, new Epoch(8)),
                new NodeOrder.Demote(DB1),
                new NodeOrder.WaitForAcks(DB1, false),
                new NodeOrder.Purge(DB1, GtidPosition.parse("0-1-5"), true),
                new NodeOrder.Purge(DB1, GtidPosition.EMPTY, false),
                new NodeOrder.Reprovision(DB1, source));
        Stamp stamp = new Stamp(new Term(4), 9, 11);
        for (NodeOrder order : orders) {
            assertThat(remote.order(stamp, order).get(10, TimeUnit.SECONDS).detail())
                    .isEqualTo("did " + order);
        }
        assertThat(node.orders).isEqualTo(orders);
        assertThat(node.stamps).containsOnly(stamp);
    }

    @Test
    void newsComesUnaskedOnceConnected() throws Exception {
        RemoteNode remote = remote(at, ACCESS);
        CountDownLatch news = new CountDownLatch(1);
        remote.onSignal(news::countDown);
        node.view = () -> seen(Reach.ANSWERED, Keeper.RUNS, state());
        assertThat(remote.look().get(10, TimeUnit.SECONDS).isAnswered()).isTrue();
        node.signals.forEach(Runnable::run);
        assertThat(news.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aLeaseIsHadFromWhoeverLeads() throws Exception {
        HostPort nobody = new HostPort("127.0.0.1", FreePorts.block(1).get(0));
        RemoteLease desk = new RemoteLease(Optional.empty(), List.of(nobody, at), ACCESS, LOOK, time);
        open.add(desk);
        assertThat(desk.renew(DB1, null).get(10, TimeUnit.SECONDS)).isInstanceOf(LeaseAnswer.Unanswered.class);
        lease = new LeaseAnswer.Granted(new Term(2), 3, Duration.ofSeconds(1));
        assertThat(desk.renew(DB1, new Epoch(4)).get(10, TimeUnit.SECONDS)).isEqualTo(lease);
        lease = new LeaseAnswer.Barred(new Term(2), 4, "deposed");
        assertThat(desk.renew(DB1, null).get(10, TimeUnit.SECONDS)).isEqualTo(lease);
        assertThat(renewals).containsExactly("db1 null", "db1 epoch 4", "db1 null");
    }

    @Test
    void aKeeperThatHangsIsSilentWithinTheLimitAndOneThatIsGoneAtOnce() throws Exception {
        RemoteNode remote = remote(at, ACCESS);
        node.view = CompletableFuture::new;
        for (int i = 0; i < 5; i++) {
            long asked = System.nanoTime();
            NodeView view = remote.look().get(10, TimeUnit.SECONDS);
            assertThat(view.keeper()).isEqualTo(Keeper.SILENT);
            assertThat(view.reach()).isEqualTo(Reach.TIMED_OUT);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(LOOK.plusMillis(300));
        }
        door.close();
        assertThat(remote.look().get(10, TimeUnit.SECONDS).keeper()).isEqualTo(Keeper.SILENT);
        door = door();
        node.view = () -> seen(Reach.ANSWERED, Keeper.RUNS, state());
        Await.until("it is reached again", SOON, () -> answers(remote));
    }

    @Test
    void aWayThatLeadsNowhereIsGivenUpAndTakenAnew() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(at.port())) {
            HostPort through = new HostPort("127.0.0.1", proxy.port());
            RemoteNode remote = remote(through, ACCESS);
            node.view = () -> seen(Reach.ANSWERED, Keeper.RUNS, state());
            Await.until("it is reached", SOON, () -> answers(remote));
            FaultProxy unused = proxy.blackHole();
            Await.until("it is silent", SOON, () -> !answers(remote));
            proxy.heal();
            Await.until("it is reached again", SOON, () -> answers(remote));
        }
    }

    @Test
    void thePortOfADoorIsFreeAsSoonAsItIsClosed() throws Exception {
        for (int i = 0; i < 200; i++) {
            door.close();
            door = door();
        }
        node.view = () -> seen(Reach.ANSWERED, Keeper.RUNS, state());
        assertThat(answers(remote(at, ACCESS))).isTrue();
    }

    private static boolean answers(RemoteNode remote) {
        try {
            return remote.look().get(10, TimeUnit.SECONDS).isAnswered();
        } catch (Exception e) {
            throw new AssertionError("a look never fails", e);
        }
    }

    @Test
    void whoDoesNotKnowTheSecretIsNotServedAndServesNobody() throws Exception {
        node.view = () -> seen(Reach.ANSWERED, Keeper.RUNS, state());
        RemoteNode stranger = remote(at, new Access(Secret.parse("another"), Optional.empty()));
        assertThat(stranger.look().get(10, TimeUnit.SECONDS).isAnswered()).isFalse();
        assertThat(stranger.order(new Stamp(new Term(9), 9, 9), new NodeOrder.Fence(DB1))
                        .get(10, TimeUnit.SECONDS)
                        .done())
                .isFalse();
        assertThat(node.orders).isEmpty();
        assertThat(answers(remote(at, ACCESS))).as("others are not disturbed").isTrue();
    }

    @Test
    void rubbishEndsTheConnectionAndNothingElse() throws Exception {
        node.view = () -> seen(Reach.ANSWERED, Keeper.RUNS, state());
        Random random = new Random(7);
        for (int round = 0; round < 30; round++) {
            try (Socket socket = new Socket("127.0.0.1", at.port())) {
                socket.setSoTimeout(10_000);
                byte[] rubbish = new byte[random.nextInt(3_000) + 4];
                random.nextBytes(rubbish);
                // Also lengths that would be believed.
                rubbish[0] = round % 3 == 0 ? rubbish[0] : 0;
                rubbish[1] = round % 3 == 1 ? rubbish[1] : 0;
                socket.getOutputStream().write(rubbish);
                socket.shutdownOutput();
                assertThat(drained(socket)).isTrue();
            }
        }
        assertThat(answers(remote(at, ACCESS))).isTrue();
    }

    @Test
    void aFrameThatWasChangedOrRepeatedIsRefused() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", at.port())) {
            socket.setSoTimeout(10_000);
            Frames frames = Frames.asking(socket, at, ACCESS);
            byte[] fence = Fields.write(Wording.object(
                            "id",
                            1L,
                            "ask",
                            "order",
                            "stamp",
                            Wording.of(Stamp.NONE),
                            "order",
                            Wording.of(new NodeOrder.Fence(DB1))))
                    .getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream forged = new DataOutputStream(bytes);
            forged.writeInt(fence.length);
            forged.write(fence);
            forged.write(new byte[32]);
            socket.getOutputStream().write(bytes.toByteArray());
            assertThat(drained(socket)).isTrue();
            frames.close();
        }
        assertThat(node.orders).isEmpty();
    }

    @Test
    void aStrangerWhoSaysNothingLosesHisPlace() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", at.port())) {
            socket.setSoTimeout(10_000);
            long began = System.nanoTime();
            assertThat(drained(socket)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
    }

    /** Until the other side closes. */
    private static boolean drained(Socket socket) throws IOException {
        try {
            InputStream in = socket.getInputStream();
            byte[] all = in.readNBytes(1 << 20);
            return new String(all, StandardCharsets.ISO_8859_1).length() < 1 << 20;
        } catch (java.net.SocketException e) {
            return true;
        }
    }
}
