package com.foobar.database.decide;

import com.foobar.database.model.Boot;
import com.foobar.database.model.Certificate;
import com.foobar.database.model.Claim;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The failover machine: (this, sight) → (next, actions). It remembers little on purpose. A new coordinator starts it at
 * {@link Stage#CLAIM} again, takes the next epoch, and finds each stage done or not by looking; every action may be repeated.
 *
 * @param claimedAt when this coordinator first saw its claim in the record: leases granted before end within one lease of it
 * @param heldAt when enough receivers were seen stopped: views must be asked after it
 * @param leaseAskedAt after which the lease must be confirmed
 * @param chosen who will be crowned, with the proof
 */
public record Failover(
        Stage stage,
        NodeName deposed,
        Moment began,
        @Nullable Moment claimedAt,
        @Nullable Moment heldAt,
        @Nullable Moment leaseAskedAt,
        @Nullable Certificate chosen,
        @Nullable Refusal refusal) {

    /** What comes of one look. */
    record Turn(Failover next, List<Action> actions) {}

    static Failover begin(Sight sight) {
        return new Failover(Stage.CLAIM, sight.record().primary(), sight.now(), null, null, null, null, null);
    }

    Turn turn(Sight sight) {
        if (stage != Stage.CLAIM
                && !stage.isPastNoReturn()
                && !isMine(sight.record().claim(), sight)) {
            return onwards(at(Stage.OVER)); // a crown whose answer was lost has arrived after all: look at it afresh
        }
        return switch (stage) {
            case CLAIM -> claim(sight);
            case FENCE -> fence(sight);
            case STOP_RECEIVERS -> stopReceivers(sight);
            case SNAPSHOT -> snapshot(sight);
            case DRAIN -> drain(sight);
            case CONFIRM_LEASE -> confirmLease(sight);
            case CROWN -> crown(sight);
            case PROMOTE -> promote(sight);
            case PUBLISH -> new Turn(at(Stage.REPOINT), List.of(new Action.Publish(Topologies.of(sight, false))));
            case REPOINT ->
                new Turn(at(Stage.OVER), sight.inOffice() ? new Repairs(sight, Memory.NONE).follow() : List.of());
            case OVER -> new Turn(this, List.of());
        };
    }

    private Turn claim(Sight sight) {
        if (isMine(sight.record().claim(), sight)) {
            if (sight.inOffice() && !sight.wantsAnother()) {
                // A false alarm, seen while the claim was written. Who was told to kill it meanwhile does so, and it is
                // missed
                // anew.
                return new Turn(
                        at(Stage.OVER),
                        List.of(new Action.Write(
                                sight.record(), sight.record().unclaimed(), deposed + " answers again: it reigns on")));
            }
            return onwards(new Failover(Stage.FENCE, deposed, began, sight.now(), null, null, null, null));
        }
        return new Turn(
                this,
                List.of(new Action.Write(
                        sight.record(), sight.record().claimed(sight.term()), "claim the next epoch")));
    }

    private static boolean isMine(@Nullable Claim claim, Sight sight) {
        return claim != null && claim.term().equals(sight.term());
    }

    private Turn fence(Sight sight) {
        if (!Fencing.proof(sight, deposed, claimed()).isEmpty()) {
            return onwards(at(Stage.STOP_RECEIVERS));
        }
        List<Action> actions = new ArrayList<>();
        actions.add(new NodeOrder.Fence(deposed));
        NodeView seen = sight.view().view(deposed);
        if (seen == null || seen.keeper() == NodeView.Keeper.SILENT) {
            // Nobody answers the order to kill: while the lease runs out the receivers can already be stopped. With a
            // keeper
            // at hand the kill comes first, because a receiver of a hung primary takes a second to stop and of a dead
            // one none.
            actions.addAll(stopOrders(sight));
        }
        return new Turn(this, actions);
    }

    private Turn stopReceivers(Sight sight) {
        Tally tally = Tally.of(sight, claimed());
        if (tally.enough() || (sight.acceptsLoss() && waitedFor(sight))) {
            return onwards(new Failover(Stage.SNAPSHOT, deposed, began, claimedAt, sight.now(), null, null, null));
        }
        boolean tired = waitedFor(sight) || tally.hopeless();
        if (tired && Fencing.ownLogProves(sight, deposed, claimed())) {
            return onwards(withChosen(Proof.byOwnLog(sight, deposed, tally, claimed()), sight.now()));
        }
        List<Action> actions = new ArrayList<>(stopOrders(sight));
        if (tired) {
            actions.addAll(startOrders(sight));
        }
        return new Turn(tired ? refused(Proof.refusal(sight, deposed, tally)) : this, actions);
    }

    private Turn snapshot(Sight sight) {
        Tally tally = Tally.of(sight, held());
        boolean loss = sight.acceptsLoss();
        // Who is silent is not waited for: a silent acker is already counted against the proof.
        boolean allLookedAt = sight.view().nodes().values().stream()
                .filter(NodeView::isAnswered)
                .noneMatch(seen -> seen.asked().isBefore(held()));
        if (allLookedAt && (tally.enough() || loss)) {
            return onwards(at(Stage.DRAIN));
        }
        if (!Tally.of(sight, claimed()).enough() && !loss) {
            return onwards(at(Stage.STOP_RECEIVERS));
        }
        return new Turn(this, List.of(new Action.Look()));
    }

    private Turn drain(Sight sight) {
        Tally tally = Tally.of(sight, held());
        boolean loss = sight.acceptsLoss();
        if (!tally.enough() && !loss) {
            return onwards(at(Stage.STOP_RECEIVERS));
        }
        List<Candidates.Candidate> ranking = Candidates.rank(sight, tally.bound(), held(), loss);
        // The ranking says whom to wait for; whoever holds as much and has applied it first spares the wait.
        for (Candidates.Candidate candidate : ranking) {
            NodeState state = sight.view().state(candidate.name());
            if (candidate.eligible() && state != null && state.drained() && covers(state, tally, loss)) {
                return onwards(
                        withChosen(Proof.byVotes(sight, deposed, candidate, tally, ranking, claimed()), sight.now()));
            }
        }
        if (ranking.stream().noneMatch(Candidates.Candidate::eligible)) {
            List<Action> orders = new ArrayList<>(stopOrders(sight));
            orders.addAll(startOrders(sight));
            return new Turn(refused(Proof.nobody(sight, deposed, ranking)), orders);
        }
        return new Turn(this, List.of(new Action.Look()));
    }

    private static boolean covers(NodeState state, Tally tally, boolean loss) {
        return loss || state.applied().covers(tally.bound());
    }

    private Turn confirmLease(Sight sight) {
        if (leaseAskedAt != null && !sight.leaseConfirmed().isBefore(leaseAskedAt)) {
            return onwards(at(Stage.CROWN));
        }
        return new Turn(this, List.of(new Action.ConfirmLease()));
    }

    private Turn crown(Sight sight) {
        Certificate proof = certificate();
        ClusterRecord record = sight.record();
        if (record.epoch().equals(proof.epoch()) && record.primary().equals(proof.promoted())) {
            return onwards(at(Stage.PROMOTE));
        }
        if (!isMine(record.claim(), sight)) {
            return onwards(at(Stage.OVER));
        }
        NodeState state = sight.view().state(proof.promoted());
        if (state == null || !state.applied().covers(proof.drained()) || !sight.held(proof.promoted(), claimed())) {
            return onwards(new Failover(Stage.STOP_RECEIVERS, deposed, began, claimedAt, null, null, null, null));
        }
        var ackers = Proof.newAckers(sight, deposed, proof.promoted(), proof.epoch(), claimed());
        ClusterRecord crowned = record.crowned(proof.epoch(), proof.promoted(), ackers, proof.drained());
        return new Turn(this, List.of(new Action.Write(record, crowned, proof.sentence())));
    }

    /** Past the point of no return; when the crowned one dies here, the governor begins a failover from it. */
    private Turn promote(Sight sight) {
        if (sight.inOffice()) {
            return onwards(at(Stage.PUBLISH));
        }
        NodeState state = sight.primaryState();
        return state == null ? onwards(at(Stage.OVER)) : new Turn(this, Repairs.promote(sight, state));
    }

    private List<Action> stopOrders(Sight sight) {
        return sight.view().nodes().values().stream()
                .flatMap(seen -> Stream.ofNullable(seen.state())
                        .filter(state -> !sight.foreign(state))
                        .map(state -> seen.name()))
                .filter(node -> !sight.held(node, claimed()))
                .<Action>map(NodeOrder.StopReceiver::new)
                .toList();
    }

    /**
     * Nothing can be proven with those who are there: start those who are not, with their tails kept. The old primary's log holds
     * all it ever acknowledged; it can itself be crowned again.
     */
    private static List<Action> startOrders(Sight sight) {
        return sight.view().nodes().values().stream()
                .filter(Sight::ended)
                .<Action>map(ended -> new NodeOrder.Start(
                        ended.name(), Boot.Tail.KEPT, sight.record().epoch()))
                .toList();
    }

    private boolean waitedFor(Sight sight) {
        Duration waited = sight.now().since(claimed());
        return waited.compareTo(sight.policy().patience()) >= 0;
    }

    private Moment claimed() {
        return java.util.Objects.requireNonNull(claimedAt, "past CLAIM there is a claim");
    }

    private Moment held() {
        return java.util.Objects.requireNonNull(heldAt, "past STOP_RECEIVERS they were held");
    }

    private Certificate certificate() {
        return java.util.Objects.requireNonNull(chosen, "past DRAIN somebody was chosen");
    }

    private Failover at(Stage next) {
        return new Failover(next, deposed, began, claimedAt, heldAt, leaseAskedAt, chosen, refusal);
    }

    private Failover withChosen(Certificate proof, Moment now) {
        return new Failover(Stage.CONFIRM_LEASE, deposed, began, claimedAt, heldAt, now, proof, null);
    }

    private Failover refused(Refusal why) {
        return new Failover(stage, deposed, began, claimedAt, heldAt, leaseAskedAt, chosen, why);
    }

    private static Turn onwards(Failover next) {
        return new Turn(next, List.of());
    }
}
