package com.foobar.database.coordinator;

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
import com.foobar.database.node.NodeDesk;
import com.foobar.database.node.Obeyed;
import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A node that obeys at once, and can be told to die or to say nothing at all. */
final class HandDesk implements NodeDesk {
    final List<String> orders = new ArrayList<>();
    final List<Stamp> stamps = new ArrayList<>();
    String cluster;
    boolean dead;
    boolean mute;
    boolean comesBack;
    int looks;
    private final NodeName name;
    private final Time time;
    private final List<String> journal;
    private final List<Runnable> signals = new ArrayList<>();
    private boolean readOnly = true;
    private Epoch reign = Epoch.NONE;
    private Receiver receiver = new Receiver(Receiver.State.STOPPED, null, new Generation("boot", Epoch.NONE, 0));
    private boolean waits;
    private Stamp obeyed = Stamp.NONE;
    private GtidPosition position = GtidPosition.EMPTY;

    HandDesk(String name, String cluster, Time time, List<String> journal) {
        this.name = new NodeName(name);
        this.cluster = cluster;
        this.time = time;
        this.journal = journal;
    }

    void holds(String gtid, long epoch) {
        position = GtidPosition.parse(gtid);
        reign = new Epoch(epoch);
    }

    void die() {
        dead = true;
        signals.forEach(Runnable::run);
    }

    boolean reigns() {
        return !readOnly && !dead;
    }

    @Override
    public NodeName name() {
        return name;
    }

    @Override
    public CompletableFuture<NodeView> look() {
        looks++;
        Moment now = new Moment(time.nanos());
        if (mute) {
            return new CompletableFuture<>();
        }
        return CompletableFuture.completedFuture(new NodeView(
                name,
                now,
                now,
                dead ? Reach.EXITED : Reach.ANSWERED,
                dead ? Keeper.STOPPED : Keeper.RUNS,
                dead ? now : null,
                dead ? null : state()));
    }

    private @Nullable NodeState state() {
        return new NodeState(
                cluster,
                readOnly,
                reign,
                position,
                position,
                receiver,
                true,
                new SemiSync(waits, true),
                Duration.ZERO,
                new Boot("boot", Boot.Tail.KEPT),
                obeyed);
    }

    @Override
    public CompletableFuture<Obeyed> order(Stamp stamp, NodeOrder order) {
        orders.add(order.getClass().getSimpleName());
        stamps.add(stamp);
        journal.add(name + " " + order.getClass().getSimpleName());
        if (mute) {
            return new CompletableFuture<>();
        }
        if (!obeyed.admits(stamp, 0)) {
            return CompletableFuture.completedFuture(new Obeyed(false, "too old"));
        }
        obeyed = stamp;
        if (order instanceof NodeOrder.Fence) {
            dead = true;
        } else if (order instanceof NodeOrder.StopReceiver) {
            receiver = new Receiver(Receiver.State.STOPPED, receiver.source(), receiver.generation());
        } else if (order instanceof NodeOrder.Promote promote) {
            readOnly = false;
            reign = promote.epoch();
            waits = true;
            receiver = new Receiver(Receiver.State.STOPPED, null, receiver.generation());
        } else if (order instanceof NodeOrder.Follow follow) {
            receiver = new Receiver(Receiver.State.RUNNING, follow.source(), follow.as());
        } else if (order instanceof NodeOrder.Start && dead && comesBack) {
            dead = false;
            readOnly = true;
            receiver = new Receiver(Receiver.State.STOPPED, null, receiver.generation());
        } else if (order instanceof NodeOrder.Demote) {
            readOnly = true;
        }
        return CompletableFuture.completedFuture(new Obeyed(true, "done"));
    }

    @Override
    public void onSignal(Runnable task) {
        signals.add(task);
    }

    @Override
    public void close() {}
}
