package com.foobar.database.decide;

import com.foobar.database.model.Boot;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Generation;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.Policy;
import com.foobar.database.model.Position;
import com.foobar.database.model.Receiver.State;
import com.foobar.database.model.Solo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to mend while the primary is in office. Worked out anew at every look and never waited for, so a repair cannot hold a
 * failover back. The order that keeps the record's two sentences true: a node is recorded as acker, with its next generation,
 * before it is told to follow; it is taken out, or its broken generation replaced, only together with a floor that was read from
 * the primary after the old generation had ended.
 */
final class Repairs {

    private final Sight sight;
    private final Memory memory;
    private final NodeView primaryView;
    private final NodeState primary;
    private final List<Action> actions = new ArrayList<>();

    // The ackers as they should be recorded, and from when on the primary must have been asked if the floor has to
    // rise.
    private final Map<NodeName, Generation> ackers;
    private @Nullable Moment floorFrom;

    Repairs(Sight sight, Memory memory) {
        this.sight = sight;
        this.memory = memory;
        this.primaryView = Objects.requireNonNull(sight.primaryView());
        this.primary = Objects.requireNonNull(sight.primaryState());
        this.ackers = new TreeMap<>(sight.record().ackers());
    }

    static List<Action> promote(Sight sight, NodeState state) {
        return state.applied().covers(sight.record().floor())
                ? List.of(new NodeOrder.Promote(
                        sight.record().primary(),
                        sight.record().epoch(),
                        state.boot().id(),
                        sight.record().floor()))
                : List.of();
    }

    /** At most one change of the record, and every order that needs none. */
    List<Action> all() {
        Action.@Nullable Write admission = admission();
        sight.view().others(sight.record().primary()).forEach(this::mend);
        if (admission != null) {
            actions.add(admission);
            return actions;
        }
        if (!ackers.equals(sight.record().ackers()) && floorIsKnown()) {
            Position floor = floorFrom == null ? sight.record().floor() : primary.applied();
            write(sight.record().withAckers(ackers, floor), "the ackers are now " + ackers);
        } else {
            alone();
        }
        return actions;
    }

    /** Only what the record already allows: the first thing after a promotion. */
    List<Action> follow() {
        sight.view().others(sight.record().primary()).forEach(view -> {
            NodeState state = view.state();
            if (state != null && expected(state).equals(sight.record().ackers().get(view.name()))) {
                followNow(view.name(), state);
            }
        });
        return actions;
    }

    private void mend(NodeView view) {
        NodeState state = view.state();
        if (isOlderThanTheRecord(view) || isOlderThanTheRecord(primaryView)) {
            return;
        }
        if (state == null) {
            if (Sight.ended(view) && isWantedAnew(view)) {
                anew(view);
            } else {
                absent(view);
            }
        } else if (sight.foreign(state)) {
            return; // another cluster's data: refused, never touched, said by the node's diagnosis
        } else if (!state.readOnly()) {
            actions.add(new NodeOrder.Fence(view.name()));
        } else if (isWantedAnew(view)) {
            anew(view);
        } else if (view.keeper() == Keeper.FULL && isSpare(view.name())) {
            // While it can still note that it obeys: once it cannot, its testimony would be missing from every proof.
            leaveAckers(view);
        } else if (state.receiver().state() != State.BROKEN
                && state.receiver().isFrom(sight.record().primary())
                && !Sight.stopped(state)
                && state.receiver()
                        .generation()
                        .followed()
                        .equals(sight.record().epoch())) {
            following(view, state);
        } else {
            rejoin(view, state);
        }
    }

    private boolean isWantedAnew(NodeView view) {
        return sight.wish() instanceof Wish.Anew wanted
                && wanted.node().equals(view.name())
                && (view.state() == null || view.state().boot().id().equals(wanted.boot()))
                && Replacement.objections(sight, wanted.node()).isEmpty();
    }

    /** Out of the ackers in the order in which everybody leaves them; only then its data are nobody's proof. */
    private void anew(NodeView view) {
        if (!ackers.containsKey(view.name()) || ackers.size() == 1) {
            // As the last one recorded it stays so: with another life its generation proves nothing any more.
            actions.add(new NodeOrder.Reprovision(view.name(), sight.record().primary()));
        } else {
            leaveAckers(view);
        }
    }

    private boolean isSpare(NodeName node) {
        return sight.attached().stream().anyMatch(other -> !other.equals(node));
    }

    private void leaveAckers(NodeView view) {
        NodeState state = view.state();
        if (!ackers.containsKey(view.name())) {
            return;
        }
        if (state == null || (Sight.stopped(state) && state.obeyed().term().equals(sight.term()))) {
            dismiss(view.name(), since(view));
        } else {
            actions.add(new NodeOrder.StopReceiver(view.name()));
        }
    }

    private void absent(NodeView view) {
        NodeName node = view.name();
        boolean acker = ackers.containsKey(node);
        if (Sight.ended(view)) {
            // The tail of a replica came from a primary and stays; only a deposed primary's tail is cut.
            Boot.Tail tail = acker ? Boot.Tail.KEPT : Boot.Tail.TRUNCATED;
            if (!sight.record().barred().contains(node)) {
                actions.add(new NodeOrder.Start(node, tail, sight.record().epoch()));
            }
            if (acker) {
                dismiss(node, since(view));
            }
            return;
        }
        if (!acker
                || ackers.size() == 1
                || failing(view).compareTo(sight.policy().patience()) < 0) {
            return;
        }
        Moment barred = memory.barredAt().get(node);
        if (barred == null) {
            write(
                    sight.record().barring(node),
                    node + " is silent: its lease must lapse before it is no acker any more");
        } else if (sight.now().since(barred).compareTo(sight.policy().fenceByWaiting()) >= 0) {
            dismiss(node, barred.plus(sight.policy().fenceByWaiting()));
        }
    }

    private java.time.Duration failing(NodeView view) {
        return view.failingFor(sight.now());
    }

    /** The last one stays even when it is gone: without any acker nothing could be proven, with it something may. */
    private void dismiss(NodeName node, Moment ended) {
        if (ackers.size() > 1) {
            ackers.remove(node);
            raiseFloor(ended);
        }
    }

    private void following(NodeView view, NodeState state) {
        Generation generation = state.receiver().generation();
        if (!generation.equals(ackers.get(view.name()))) {
            // Restarted behind our back, or attached though not recorded: what it acknowledged before is covered by the
            // floor.
            ackers.put(view.name(), generation);
            raiseFloor(since(view));
        }
    }

    private void rejoin(NodeView view, NodeState state) {
        NodeName node = view.name();
        boolean stopped = Sight.stopped(state) && state.obeyed().term().equals(sight.term());
        if (!stopped) {
            actions.add(new NodeOrder.StopReceiver(node));
            return;
        }
        if (primaryView.asked().isBefore(since(view))) {
            return; // the primary's position must be the later one, or a replica of a busy primary looks ahead of it
        }
        boolean diverged = !primary.applied().covers(state.applied())
                || (state.receiver().state() == State.BROKEN
                        && state.receiver()
                                .generation()
                                .followed()
                                .equals(sight.record().epoch()));
        if (diverged) {
            ahead(view, state);
            return;
        }
        if (expected(state).equals(sight.record().ackers().get(node))) {
            followNow(node, state);
            return;
        }
        if (ackers.containsKey(node)) {
            raiseFloor(since(view));
        }
        ackers.put(node, expected(state));
    }

    /** It holds what the primary lacks: nothing acknowledged, by the proof of the failover, so it may go. */
    private void ahead(NodeView view, NodeState state) {
        if (ackers.containsKey(view.name())) {
            dismiss(view.name(), since(view));
        } else if (state.boot().tail() == Boot.Tail.TRUNCATED) {
            actions.add(new NodeOrder.Reprovision(view.name(), sight.record().primary()));
        } else {
            actions.add(new NodeOrder.Start(
                    view.name(), Boot.Tail.TRUNCATED, sight.record().epoch()));
        }
    }

    private Generation expected(NodeState state) {
        return state.receiver()
                .generation()
                .next(state.boot().id(), sight.record().epoch());
    }

    private void followNow(NodeName node, NodeState state) {
        if (!sight.record().barred().contains(node)) {
            actions.add(new NodeOrder.Follow(node, sight.record().primary(), expected(state)));
        }
    }

    /** A barred node that can be spoken to again gets its lease back. */
    private Action.@Nullable Write admission() {
        for (NodeName node : sight.record().barred()) {
            NodeView view = sight.view().view(node);
            boolean speaks = view != null && (view.isAnswered() || view.keeper() != Keeper.SILENT);
            boolean usurps =
                    view != null && view.state() != null && !view.state().readOnly();
            if (speaks && !usurps) {
                return new Action.Write(
                        sight.record(), sight.record().admitting(node), node + " can be spoken to again");
            }
        }
        return null;
    }

    /** Mode available: the declaration goes into the record before the primary answers alone, and out after it waits again. */
    private void alone() {
        ClusterRecord record = sight.record();
        boolean wanted = sight.policy().mode() == Policy.Mode.AVAILABLE
                && sight.attached().isEmpty();
        boolean waits = primary.semiSync().waits();
        switch (record.solo()) {
            case NO -> {
                if (!waits) {
                    write(record.withSolo(Solo.YES, record.floor()), "the primary does not wait: said, not hidden");
                } else if (wanted && aloneForLong()) {
                    write(record.withSolo(Solo.YES, record.floor()), "declared: the primary answers alone");
                }
            }
            case YES -> {
                if (!wanted) {
                    write(record.withSolo(Solo.ENDING, record.floor()), "the primary shall wait again");
                } else if (waits) {
                    actions.add(new NodeOrder.WaitForAcks(record.primary(), false));
                }
            }
            case ENDING -> {
                boolean armed = waits
                        && primary.obeyed().term().equals(sight.term())
                        && primary.obeyed().version() >= record.version();
                if (!armed) {
                    actions.add(new NodeOrder.WaitForAcks(record.primary(), true));
                } else if (memory.armedAt() != null && !primaryView.asked().isBefore(memory.armedAt())) {
                    write(record.withSolo(Solo.NO, primary.applied()), "the primary waits again");
                }
            }
        }
    }

    private boolean aloneForLong() {
        return memory.aloneSince() != null
                && sight.now()
                                .since(memory.aloneSince())
                                .compareTo(sight.policy().patience())
                        >= 0;
    }

    private Moment since(NodeView view) {
        Memory.Shape shape = memory.shapes().get(view.name());
        return shape == null ? view.answered() : shape.since();
    }

    private void raiseFloor(Moment ended) {
        floorFrom = floorFrom == null || floorFrom.isBefore(ended) ? ended : floorFrom;
    }

    private boolean floorIsKnown() {
        return floorFrom == null || !primaryView.asked().isBefore(floorFrom);
    }

    /** A view older than the record knows nothing of what the record has allowed since. */
    private boolean isOlderThanTheRecord(NodeView view) {
        return view.asked().isBefore(sight.recordSince());
    }

    private void write(ClusterRecord next, String why) {
        if (actions.stream().noneMatch(Action.Write.class::isInstance)) {
            actions.add(new Action.Write(sight.record(), next, why));
        }
    }
}
