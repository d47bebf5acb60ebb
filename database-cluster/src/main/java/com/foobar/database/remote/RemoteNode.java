package com.foobar.database.remote;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Stamp;
import com.foobar.database.node.NodeDesk;
import com.foobar.database.node.Obeyed;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A database node whose keeper is behind a {@link KeeperDoor}. Views are dated by this side's clock. */
public final class RemoteNode implements NodeDesk {

    /** An order's answer is for the log; its effect is seen by looks. */
    private static final Duration ORDER = Duration.ofSeconds(60);

    private final NodeName name;
    private final Line line;
    private final Duration look;
    private final Time time;
    private final List<Runnable> signals = new CopyOnWriteArrayList<>();

    /** Guarded by this object's lock. */
    private @Nullable Moment failingSince;

    /** @param look how long a look may take, the keeper's own limit and the way there and back */
    public RemoteNode(NodeName name, HostPort door, Access access, Duration look, Time time) {
        this.name = name;
        this.look = look;
        this.time = time;
        this.line = new Line(door, access, time, this::signal);
    }

    @Override
    public NodeName name() {
        return name;
    }

    private void signal(Fields said) {
        if (said.has("signal")) {
            signals.forEach(Runnable::run);
        }
    }

    @Override
    public void onSignal(Runnable task) {
        signals.add(task);
    }

    @Override
    public CompletableFuture<NodeView> look() {
        Moment asked = new Moment(time.nanos());
        return line.ask(Wording.object("ask", "look", "node", name.text()), look)
                .thenApply(said -> {
                    try {
                        return Wording.look(said.object("view"));
                    } catch (Rubbish e) {
                        throw new IllegalStateException(e);
                    }
                })
                .handle((seen, failed) -> view(
                        asked,
                        failed == null
                                ? seen
                                // Nobody there can be asked: neither the server nor who watches it has said anything.
                                : new Wording.Look(NodeView.Reach.TIMED_OUT, NodeView.Keeper.SILENT, null)));
    }

    private synchronized NodeView view(Moment asked, Wording.Look seen) {
        if (seen.state() != null) {
            failingSince = null;
        } else if (failingSince == null) {
            failingSince = asked;
        }
        return new NodeView(
                name, asked, new Moment(time.nanos()), seen.reach(), seen.keeper(), failingSince, seen.state());
    }

    @Override
    public CompletableFuture<Obeyed> order(Stamp stamp, NodeOrder order) {
        return line.ask(Wording.object("ask", "order", "stamp", Wording.of(stamp), "order", Wording.of(order)), ORDER)
                .thenApply(said -> {
                    try {
                        return new Obeyed(said.bit("done"), said.text("detail"));
                    } catch (Rubbish e) {
                        throw new IllegalStateException(e);
                    }
                })
                .exceptionally(failed -> new Obeyed(false, "the keeper of " + name + " did not answer: " + failed));
    }

    @Override
    public void close() {
        line.close();
    }
}
