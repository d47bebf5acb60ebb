package com.foobar.database.simulate;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A MariaDB server as far as failover can tell: binary log, relay log, semi-synchronous AFTER_SYNC with one acknowledgement. */
final class SimNode {
    /** One transaction. DDL is not cut off by a truncating start. */
    record Entry(int server, long sequence, int id, boolean ddl) {}

    final int place;
    final NodeName name;
    private final World world;

    final List<Entry> log = new ArrayList<>();
    final List<Entry> relay = new ArrayList<>();
    final BitSet ids = new BitSet();
    private GtidPosition applied = GtidPosition.EMPTY;

    boolean up = true;
    long hungUntil;
    boolean readOnly = true;
    boolean waits;
    Epoch reign = Epoch.NONE;
    private int boots = 1;
    Boot boot;
    int source = -1;
    Receiver.State receiver = Receiver.State.STOPPED;
    Generation generation;
    int applyRate = 4;

    /** Transactions committed in the engine; those after it wait for an acknowledgement, their clients too. */
    int committed;

    private int waitersFrom;

    SimNode(World world, int place) {
        this.world = world;
        this.place = place;
        this.name = new NodeName("db" + (place + 1));
        this.boot = new Boot(name + "-1", Boot.Tail.KEPT);
        this.generation = new Generation(boot.id(), Epoch.NONE, 0);
    }

    boolean serves() {
        return up && hungUntil <= world.now() && !world.net().frozen(place, world.now());
    }

    void crash() {
        up = false;
        hungUntil = 0;
        readOnly = true;
        waits = false;
        relay.clear();
        receiver = Receiver.State.STOPPED;
        source = -1;
    }

    void start(Boot.Tail asked) {
        Boot.Tail tail = world.variation() == Variation.TRUNCATES_EVERY_TAIL ? Boot.Tail.TRUNCATED : asked;
        boots++;
        boot = new Boot(name + "-" + boots, world.variation() == Variation.TRUNCATES_EVERY_TAIL ? asked : tail);
        generation = new Generation(boot.id(), Epoch.NONE, 0);
        up = true;
        if (tail == Boot.Tail.TRUNCATED) {
            truncate();
        }
        committed = log.size();
        waitersFrom = log.size();
    }

    /** The commit mark of the last few acknowledged transactions may not have reached the disk either. */
    private void truncate() {
        int keep = Math.max(0, committed - world.random().nextInt(3));
        for (int i = log.size() - 1; i >= keep && !log.get(i).ddl(); i--) {
            ids.clear(log.remove(i).id());
        }
        recount();
    }

    private void recount() {
        applied = GtidPosition.EMPTY;
        for (Entry entry : log) {
            applied = applied.with(0, entry.server(), entry.sequence());
        }
    }

    void copyFrom(SimNode other) {
        crash();
        log.clear();
        ids.clear();
        log.addAll(other.log);
        ids.or(other.ids);
        recount();
        start(Boot.Tail.KEPT);
    }

    void promote(Epoch epoch) {
        relay.clear();
        source = -1;
        receiver = Receiver.State.STOPPED;
        readOnly = false;
        waits = true;
        reign = epoch;
        committed = log.size();
        waitersFrom = log.size();
    }

    void follow(int whom, Generation as) {
        relay.clear();
        source = whom;
        generation = as;
        receiver = Receiver.State.RUNNING;
    }

    /** Somebody restarts both threads: the relay log is gone and is fetched again. */
    void restartReceiver() {
        if (receiver == Receiver.State.RUNNING) {
            follow(source, generation.next(boot.id(), generation.followed()));
        }
    }

    void stopReceiver() {
        if (receiver != Receiver.State.BROKEN) {
            receiver = Receiver.State.STOPPED;
        }
    }

    void write(int id) {
        append(new Entry(place, log.size() + 1L, id, world.random().nextInt(40) == 0));
        if (!waits) {
            commit(log.size());
        }
    }

    private void append(Entry entry) {
        log.add(entry);
        ids.set(entry.id());
        applied = applied.with(0, entry.server(), entry.sequence());
    }

    /** An acknowledgement of everything up to here. */
    void acknowledged(int upTo, String forBoot) {
        if (up && boot.id().equals(forBoot) && waits) {
            commit(Math.min(upTo, log.size()));
        }
    }

    void commit(int upTo) {
        for (int i = Math.max(committed, waitersFrom); i < upTo; i++) {
            world.invariants().acknowledged(this, log.get(i).id());
        }
        committed = Math.max(committed, upTo);
    }

    void tick() {
        if (!serves()) {
            return;
        }
        if (!waits && !readOnly) {
            commit(log.size());
        }
        int count = applyRate == 0
                ? 1 - Math.min(1, world.random().nextInt(12))
                : world.random().nextInt(applyRate + 1);
        for (int i = count; i > 0 && !relay.isEmpty(); i--) {
            append(relay.remove(0));
            committed = log.size();
        }
        receive();
    }

    private void receive() {
        if (source < 0 || (receiver != Receiver.State.RUNNING && receiver != Receiver.State.CONNECTING)) {
            return;
        }
        SimNode from = world.node(source);
        long now = world.now();
        if (!from.serves()
                || !world.net().open(source, place, now)
                || !world.net().open(place, source, now)) {
            receiver = Receiver.State.CONNECTING;
            return;
        }
        receiver = Receiver.State.RUNNING;
        int held = log.size() + relay.size();
        if (held > 0 && (from.log.size() < held || !from.log.get(held - 1).equals(last()))) {
            receiver = Receiver.State.BROKEN; // error 1236
            return;
        }
        int count = Math.min(world.random().nextInt(5), from.log.size() - held);
        if (count > 0) {
            relay.addAll(from.log.subList(held, held + count));
            String life = from.boot.id();
            world.net().send(now, place, source, () -> from.acknowledged(held + count, life));
        }
    }

    private Entry last() {
        return relay.isEmpty() ? log.get(log.size() - 1) : relay.get(relay.size() - 1);
    }

    GtidPosition applied() {
        return applied;
    }

    /** What the node would answer now; times are the asker's. */
    NodeView view(Moment asked, Moment answered, Stamp obeyed) {
        if (!up) {
            return new NodeView(name, asked, answered, Reach.REFUSED, Keeper.STOPPED, asked, null);
        }
        if (hungUntil > world.now()) {
            return new NodeView(name, asked, answered, Reach.TIMED_OUT, Keeper.RUNS, asked, null);
        }
        GtidPosition received = applied;
        for (Entry entry : relay) {
            received = received.with(0, entry.server(), entry.sequence());
        }
        GtidPosition said = world.variation() == Variation.PROMOTES_BEFORE_DRAINED ? received : applied;
        @Nullable NodeName whom = source < 0 ? null : world.node(source).name;
        NodeState state = new NodeState(
                "c1",
                readOnly,
                reign,
                said,
                received,
                new Receiver(receiver, whom, generation),
                true,
                new SemiSync(waits, true),
                Duration.ofMillis(10L * relay.size()),
                boot,
                obeyed);
        return new NodeView(name, asked, answered, Reach.ANSWERED, Keeper.RUNS, null, state);
    }
}
