package com.foobar.database.keeper;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.decide.NodeOrder;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Position;
import com.foobar.database.model.Receiver.State;
import com.foobar.database.model.Stamp;
import com.foobar.database.model.Term;
import com.foobar.database.node.NodeDesk;
import com.foobar.database.node.Obeyed;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Real servers with real keepers, and a coordinator played by the test. */
final class KeptCluster implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(20);

    final TestCluster ground;
    final HandLease lease = new HandLease();
    private final Map<Integer, Keeper> keepers = new TreeMap<>();

    /** Where the others reach a node, if not at its own address. */
    final Map<Integer, HostPort> links = new TreeMap<>();

    private final SystemTime time = new SystemTime("keeper-test");
    long term = 1;
    long version = 1;
    private long sequence;

    KeptCluster() throws Exception {
        ground = new TestCluster();
    }

    static NodeName name(int number) {
        return new NodeName("db" + number);
    }

    Keeper open(int number) throws Exception {
        return open(number, server(number));
    }

    Keeper open(int number, Server server) throws Exception {
        Keeper keeper = Keeper.open(plan(number), server, lease, time);
        keepers.put(number, keeper);
        return keeper;
    }

    /** All at once, then waited for. */
    void openAll(int... numbers) throws Exception {
        for (int number : numbers) {
            open(number);
        }
        for (int number : numbers) {
            String unused = keeper(number).started().get(60, TimeUnit.SECONDS);
        }
    }

    Server server(int number) throws Exception {
        return new OwnServer(ground.launch(number), ground.cache(), ground.identity(number), time);
    }

    KeeperPlan plan(int number) {
        Map<NodeName, HostPort> addresses = new TreeMap<>();
        for (int node = 1; node <= 4; node++) {
            HostPort link = node == number ? null : links.get(node);
            addresses.put(name(node), link == null ? ground.at(node) : link);
        }
        return new KeeperPlan(
                name(number),
                ground.name,
                ground.root().resolve("n" + number).resolve("keeper"),
                Dialects.MARIADB,
                addresses,
                ground.logins(),
                TestCluster.SCHEMA,
                Optional.empty(),
                Optional.empty(),
                KeeperPlan.Limits.DEFAULT);
    }

    Keeper keeper(int number) {
        return Objects.requireNonNull(keepers.get(number));
    }

    Stamp stamp() {
        return new Stamp(new Term(term), version, ++sequence);
    }

    Obeyed order(NodeOrder order) throws Exception {
        int number = Integer.parseInt(order.node().text().substring(2));
        return keeper(number).order(stamp(), order).get(60, TimeUnit.SECONDS);
    }

    static NodeView look(NodeDesk desk) {
        try {
            return desk.look().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("a look never fails", e);
        }
    }

    NodeState state(int number) {
        return awaitState(number, "db" + number + " answers", state -> true);
    }

    NodeView awaitView(int number, String what, Predicate<NodeView> wanted) {
        return Await.until(what, SOON, () -> look(keeper(number)), wanted);
    }

    NodeState awaitState(int number, String what, Predicate<NodeState> wanted) {
        NodeView seen = awaitView(
                number, what, view -> view.state() != null && wanted.test(Objects.requireNonNull(view.state())));
        return Objects.requireNonNull(seen.state());
    }

    Obeyed promote(int number, long epoch) throws Exception {
        return promote(number, epoch, GtidPosition.EMPTY);
    }

    Obeyed promote(int number, long epoch, Position atLeast) throws Exception {
        return order(new NodeOrder.Promote(
                name(number), new Epoch(epoch), state(number).boot().id(), atLeast));
    }

    Obeyed follow(int number, int source, long epoch) throws Exception {
        return order(new NodeOrder.Follow(name(number), name(source), next(number, epoch)));
    }

    Generation next(int number, long epoch) {
        NodeState state = state(number);
        return state.receiver().generation().next(state.boot().id(), new Epoch(epoch));
    }

    Obeyed start(int number, Boot.Tail tail, long epoch) throws Exception {
        return order(new NodeOrder.Start(name(number), tail, new Epoch(epoch)));
    }

    /** The first of them reigns in the epoch, the others follow it and acknowledge; a table is there. */
    void reign(long epoch, int primary, int... replicas) throws Exception {
        for (int replica : replicas) {
            if (!follow(replica, primary, epoch).done()) {
                throw new AssertionError("it does not follow");
            }
        }
        Obeyed promoted = promote(primary, epoch);
        if (!promoted.done()) {
            throw new AssertionError(promoted.detail());
        }
        for (int replica : replicas) {
            NodeState unused =
                    awaitState(replica, "it receives", state -> state.receiver().state() == State.RUNNING);
        }
    }

    void write(int number, String sql) throws Exception {
        var unused = ground.ask(number, Duty.SCHEMA, sql);
    }

    void caughtUp(int number, int source) {
        Position wanted = state(source).applied();
        NodeState unused = awaitState(number, "db" + number + " has what db" + source + " has", state -> state.applied()
                .covers(wanted));
    }

    static void signal(long pid, String signal) throws Exception {
        if (new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor() != 0) {
            throw new AssertionError("no signal " + signal + " to " + pid);
        }
    }

    /** By the file that the server itself writes. */
    long pid(int number) throws Exception {
        return Long.parseLong(
                Files.readString(ground.root().resolve("n" + number).resolve("server.pid"))
                        .strip());
    }

    void close(int number) {
        keeper(number).close();
        keepers.remove(number);
    }

    @Override
    public void close() throws IOException {
        keepers.values().parallelStream().forEach(Keeper::close);
        ground.close();
        time.close();
    }
}
