package com.foobar.database.decide;

import com.foobar.database.model.Boot;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.ClusterView;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Policy;
import com.foobar.database.model.Receiver;
import com.foobar.database.model.SemiSync;
import com.foobar.database.model.Stamp;
import com.foobar.database.model.Term;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A healthy cluster of db1 (primary, epoch 3), db2 and db3, of which each test changes what it is about. */
final class Scene {
    static final NodeName DB1 = new NodeName("db1");
    static final NodeName DB2 = new NodeName("db2");
    static final NodeName DB3 = new NodeName("db3");
    static final Epoch THREE = new Epoch(3);
    static final Term TERM = new Term(7);

    /** One node, as it would answer. */
    static final class Node {
        String cluster = "shop";
        Reach reach = Reach.ANSWERED;
        Keeper keeper = Keeper.RUNS;
        boolean readOnly = true;
        Epoch reign = Epoch.NONE;
        String applied = "0-1-100";
        String received = "0-1-100";
        Receiver.State receiver = Receiver.State.RUNNING;

        @Nullable
        NodeName source = DB1;

        Generation generation;
        boolean applierRuns = true;
        boolean waits;
        Duration lag = Duration.ZERO;
        Boot boot;
        Stamp obeyed = new Stamp(TERM, 1, 1);
        long askedMillis = 10_000;
        long failingMillis = -1;

        Node(NodeName name) {
            boot = new Boot(name + "-a", Boot.Tail.KEPT);
            generation = new Generation(boot.id(), THREE, 1);
        }

        void at(String position) {
            applied = position;
            received = position;
        }

        void gone(Reach how, Keeper says, long forMillis) {
            reach = how;
            keeper = says;
            failingMillis = forMillis;
        }

        void held() {
            receiver = Receiver.State.STOPPED;
        }

        void restarted() {
            boot = new Boot(boot.id() + "'", Boot.Tail.KEPT);
            generation = new Generation(boot.id(), Epoch.NONE, 0);
            receiver = Receiver.State.STOPPED;
            source = null;
            readOnly = true;
        }
    }

    private final Map<NodeName, Node> nodes = new TreeMap<>();
    private final Map<NodeName, Generation> ackers = new HashMap<>();
    UnaryOperator<ClusterRecord> record = UnaryOperator.identity();
    Policy policy = Policy.DEFAULT;
    boolean leads = true;
    long nowMillis = 10_100;
    long leaseConfirmedMillis = 10_000;

    @Nullable
    Wish wish;

    Scene() {
        for (NodeName name : new NodeName[] {DB1, DB2, DB3}) {
            nodes.put(name, new Node(name));
        }
        Node primary = nodes.get(DB1);
        primary.readOnly = false;
        primary.reign = THREE;
        primary.source = null;
        primary.receiver = Receiver.State.STOPPED;
        primary.waits = true;
        ackers.put(DB2, nodes.get(DB2).generation);
        ackers.put(DB3, nodes.get(DB3).generation);
    }

    static Scene where(Consumer<Scene> change) {
        Scene scene = new Scene();
        change.accept(scene);
        return scene;
    }

    Node db1() {
        return nodes.get(DB1);
    }

    Node db2() {
        return nodes.get(DB2);
    }

    Node db3() {
        return nodes.get(DB3);
    }

    Scene ackers(Map<NodeName, Generation> others) {
        ackers.clear();
        ackers.putAll(others);
        return this;
    }

    Generation generation(NodeName node) {
        return nodes.get(node).generation;
    }

    static ClusterRecord plain(Map<NodeName, Generation> ackers) {
        return ClusterRecord.founding("shop", DB1, GtidPosition.EMPTY)
                .crowned(THREE, DB1, ackers, GtidPosition.parse("0-1-50"));
    }

    Sight sight() {
        ClusterView view = ClusterView.empty(millis(nowMillis));
        for (Map.Entry<NodeName, Node> entry : nodes.entrySet()) {
            view = view.with(view(entry.getKey(), entry.getValue()));
        }
        return new Sight(
                millis(nowMillis),
                TERM,
                leads,
                millis(leaseConfirmedMillis),
                record.apply(plain(ackers)),
                millis(0),
                view,
                policy,
                wish);
    }

    static Moment millis(long millis) {
        return new Moment(millis * 1_000_000);
    }

    private NodeView view(NodeName name, Node node) {
        NodeState state = node.reach != Reach.ANSWERED
                ? null
                : new NodeState(
                        node.cluster,
                        node.readOnly,
                        node.reign,
                        GtidPosition.parse(node.applied),
                        GtidPosition.parse(node.received),
                        new Receiver(node.receiver, node.source, node.generation),
                        node.applierRuns,
                        new SemiSync(node.waits, true),
                        node.lag,
                        node.boot,
                        node.obeyed);
        Moment failing = node.failingMillis < 0 ? null : millis(nowMillis - node.failingMillis);
        return new NodeView(
                name, millis(node.askedMillis), millis(node.askedMillis + 5), node.reach, node.keeper, failing, state);
    }
}
