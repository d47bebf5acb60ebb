package com.foobar.database.decide;

import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Refusal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A planned change of the primary: writers parked, the old primary read-only, the record closed at its last position, the target
 * applied up to it, then the crown. Every stage before the crown has the same way back: reopen the old primary. A coordinator
 * that dies on the way needs nothing remembered: its successor sees a read-only primary and reopens it, or a closed record, for
 * which the floor alone is the proof.
 */
record Switchover(
        Stage stage,
        NodeName from,
        NodeName target,
        Moment began,
        @Nullable Moment demotedAt,
        @Nullable Refusal refusal) {

    /** The stages in their only order. */
    enum Stage {
        PARK("ask the writers to wait"),
        READ_ONLY("the old primary takes no more writes"),
        CLOSE("write its last position into the record: whoever holds it holds everything"),
        CATCH_UP("the target applies up to it"),
        CROWN("write the new primary into the record"),
        PROMOTE("the target takes writes"),
        BACK("give up: the old primary takes writes again"),
        OVER("done");

        private final String sentence;

        Stage(String sentence) {
            this.sentence = sentence;
        }

        String sentence() {
            return sentence;
        }
    }

    record Turn(Switchover next, List<Action> actions) {}

    static Switchover begin(Sight sight, NodeName target) {
        return new Switchover(Stage.PARK, sight.record().primary(), target, sight.now(), null, null);
    }

    /** Empty when it may begin: the target must be one that can be crowned within the writers' patience. */
    static List<String> objections(Sight sight, NodeName target) {
        NodeState state = sight.view().state(target);
        if (!sight.view().nodes().containsKey(target)) {
            return List.of("there is no node " + target + ", there are "
                    + sight.view().nodes().keySet());
        }
        if (target.equals(sight.record().primary())) {
            return List.of(target + " is the primary already");
        }
        if (!sight.inOffice()) {
            return List.of(sight.record().primary() + " is not in office: that is a failover, not a switchover");
        }
        if (state == null || !sight.isAttached(target)) {
            return List.of(target + " does not follow the primary");
        }
        if (!Objects.equals(
                sight.record().ackers().get(target), state.receiver().generation())) {
            return List.of(target + " is not a recorded acker yet");
        }
        if (state.lag() == null || state.lag().compareTo(sight.policy().patience()) > 0) {
            return List.of(target + " lags by " + state.lag() + ", more than the writers would wait");
        }
        if (sight.policy().isNeverPrimary(target)) {
            return List.of(Candidates.NEVER_PRIMARY);
        }
        if (!sight.unfit(target).isEmpty()) {
            return List.of(sight.unfit(target));
        }
        return List.of();
    }

    Turn turn(Sight sight) {
        if (stage.compareTo(Stage.CROWN) <= 0 && sight.now().since(began).compareTo(limit(sight)) > 0) {
            return onwards(new Switchover(Stage.BACK, from, target, began, demotedAt, tooSlow(sight)));
        }
        return switch (stage) {
            case PARK -> new Turn(at(Stage.READ_ONLY), List.of(new Action.Publish(Topologies.of(sight, true))));
            case READ_ONLY -> readOnly(sight);
            case CLOSE -> close(sight);
            case CATCH_UP -> catchUp(sight);
            case CROWN -> crown(sight);
            case PROMOTE -> promote(sight);
            case BACK -> back(sight);
            case OVER -> new Turn(this, List.of());
        };
    }

    private Turn readOnly(Sight sight) {
        NodeState state = sight.view().state(from);
        if (state != null && state.readOnly() && state.obeyed().term().equals(sight.term())) {
            return onwards(new Switchover(Stage.CLOSE, from, target, began, sight.now(), null));
        }
        return new Turn(this, List.of(new NodeOrder.Demote(from)));
    }

    private Turn close(Sight sight) {
        if (sight.record().closed()) {
            return onwards(at(Stage.CATCH_UP));
        }
        NodeView view = sight.view().view(from);
        NodeState state = sight.view().state(from);
        // Asked after it was seen read-only: the position that comes back is its last one.
        boolean last = view != null && !view.asked().isBefore(Objects.requireNonNull(demotedAt));
        return last && state != null && state.readOnly()
                ? new Turn(
                        this,
                        List.of(new Action.Write(
                                sight.record(), sight.record().closedAt(state.applied()), "switchover to " + target)))
                : new Turn(this, List.of(new Action.Look()));
    }

    private Turn catchUp(Sight sight) {
        NodeState state = sight.view().state(target);
        if (state == null || !state.applied().covers(sight.record().floor())) {
            return new Turn(this, List.of(new Action.Look()));
        }
        // What acknowledges in the next reign must be known before it: the target's own receiver, and the others', are
        // stopped.
        List<Action> orders = sight.view()
                .others(from)
                .filter(NodeView::isAnswered)
                .map(NodeView::name)
                .filter(node -> !sight.held(node, began))
                .<Action>map(NodeOrder.StopReceiver::new)
                .toList();
        return sight.held(target, began) && orders.isEmpty() ? onwards(at(Stage.CROWN)) : new Turn(this, orders);
    }

    private Turn crown(Sight sight) {
        if (sight.record().primary().equals(target)) {
            return onwards(at(Stage.PROMOTE));
        }
        NodeState state = sight.view().state(target);
        if (state == null
                || !sight.held(target, began)
                || !state.applied().covers(sight.record().floor())) {
            return onwards(at(Stage.CATCH_UP));
        }
        var epoch = sight.record().nextEpoch();
        // The old primary is no exception here: it is alive and may be an acker of the next reign.
        var ackers = Proof.newAckers(sight, target, target, epoch, began);
        return new Turn(
                this,
                List.of(
                        new Action.ConfirmLease(),
                        new Action.Write(
                                sight.record(),
                                sight.record().crowned(epoch, target, ackers, state.applied()),
                                "switchover")));
    }

    private Turn promote(Sight sight) {
        NodeState state = sight.view().state(target);
        if (state == null || sight.inOffice()) {
            return new Turn(at(Stage.OVER), List.of(new Action.Publish(Topologies.of(sight, false))));
        }
        return new Turn(this, Repairs.promote(sight, state));
    }

    private Turn back(Sight sight) {
        if (!sight.record().primary().equals(from)) {
            return onwards(at(Stage.PROMOTE)); // the crown was written after all: only forward
        }
        if (sight.record().closed()) {
            return new Turn(
                    this,
                    List.of(new Action.Write(sight.record(), sight.record().reopened(), "switchover given up")));
        }
        NodeState state = sight.view().state(from);
        if (state == null || sight.inOffice()) {
            return new Turn(at(Stage.OVER), List.of(new Action.Publish(Topologies.of(sight, false))));
        }
        return new Turn(this, Repairs.promote(sight, state));
    }

    private static java.time.Duration limit(Sight sight) {
        return sight.policy().patience().multipliedBy(2);
    }

    private Refusal tooSlow(Sight sight) {
        return new Refusal(
                "the switchover from " + from + " to " + target,
                List.of("stage " + stage + " (" + stage.sentence() + ") was not over after "
                        + sight.now().since(began).toMillis() + " ms"),
                from + " takes writes again; look at the lag of " + target + ".");
    }

    private Switchover at(Stage next) {
        return new Switchover(next, from, target, began, demotedAt, refusal);
    }

    private static Turn onwards(Switchover next) {
        return new Turn(next, List.of());
    }
}
