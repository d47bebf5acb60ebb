package com.foobar.database.decide;

import com.foobar.database.model.Certificate;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.PublishedTopology;
import com.foobar.database.model.Refusal;
import com.foobar.database.model.Term;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who has the turn: one state machine with one order of precedence, so that a failover pre-empts everything before its point of
 * no return and repairs never hold it back. (governor, sight) → (next governor, actions).
 *
 * @param term whose memory this is; a new term starts from nothing but the record
 * @param crownedAt when this coordinator last crowned, for damping
 * @param handedOverAt when it last began to hand a primary over that is about to leave
 */
public record Governor(
        Term term,
        @Nullable Failover failover,
        @Nullable Switchover switchover,
        Memory memory,
        @Nullable Moment crownedAt,
        @Nullable Moment handedOverAt,
        @Nullable PublishedTopology published) {

    /** So many times the writers' patience a hand-over that came to nothing is not tried again: each try parks them. */
    private static final int HAND_OVER_PAUSE = 10;

    /** Soon after a failover silence must last so much longer: a flapping network must not move the primary at its own pace. */
    private static final int DAMPING = 8;

    /** More transitions than any look can cause: beyond it a machine runs in a circle. */
    private static final int TRANSITIONS = 24;

    /** What comes of one look. */
    public record Turn(
            Governor next,
            Finding finding,
            List<Action> actions,
            @Nullable Refusal refusal,
            @Nullable Certificate certificate) {}

    /** A coordinator that has seen nothing yet. */
    public static Governor fresh(Term term) {
        return new Governor(term, null, null, Memory.NONE, null, null, null);
    }

    /** One look, one turn. */
    public Turn turn(Sight sight) {
        if (!sight.leads()) {
            return new Turn(fresh(sight.term()), Diagnoses.diagnose(sight), List.of(), null, null);
        }
        Governor here = term.equals(sight.term()) ? this : fresh(sight.term());
        Finding finding = Diagnoses.diagnose(sight);
        return here.with(here.memory.seeing(sight)).decide(sight, finding);
    }

    private Turn decide(Sight sight, Finding finding) {
        if (failover != null) {
            return failingOver(sight, finding, failover);
        }
        if (switchover != null && !finding.diagnosis().wantsFailover()) {
            return switching(sight, finding, switchover);
        }
        if (sight.record().maintenance() && sight.wish() == null) {
            return turn(this, finding, List.of(), null);
        }
        Refusal held = heldBack(sight, finding);
        if (wantsFailover(sight, finding) && held == null) {
            return failingOver(sight, finding, Failover.begin(sight));
        }
        if (sight.wish() instanceof Wish.Switchover wish && sight.inOffice()) {
            return beginSwitchover(sight, finding, wish);
        }
        if (!sight.unfit(sight.record().primary()).isEmpty() && sight.inOffice() && !isHandOverPaused(sight)) {
            return handOver(sight, finding);
        }
        return turn(this, finding, tend(sight, finding), held);
    }

    private boolean isHandOverPaused(Sight sight) {
        return handedOverAt != null
                && sight.now()
                                .since(handedOverAt)
                                .compareTo(sight.policy().patience().multipliedBy(HAND_OVER_PAUSE))
                        < 0;
    }

    /** A primary that is about to leave, before it does, or that has no room. Where nobody can follow it, it is left to what comes. */
    private Turn handOver(Sight sight, Finding finding) {
        NodeName target = Plans.bestTarget(sight);
        if (target == null) {
            return beginSwitchover(sight, finding, new Wish.Switchover(null));
        }
        Governor begun = new Governor(term, failover, switchover, memory, crownedAt, sight.now(), published);
        return begun.switching(sight, finding, Switchover.begin(sight, target));
    }

    private Turn failingOver(Sight sight, Finding finding, Failover begun) {
        Failover now = begun;
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < TRANSITIONS && actions.isEmpty() && now.stage() != Stage.OVER; i++) {
            Failover.Turn turn = now.turn(sight);
            actions.addAll(turn.actions());
            boolean moved = turn.next().stage() != now.stage();
            now = turn.next();
            if (!moved) {
                break;
            }
        }
        boolean crowned = now.stage().isPastNoReturn() && !begun.stage().isPastNoReturn();
        boolean over = now.stage() == Stage.OVER;
        Governor next = new Governor(
                term,
                over ? null : now,
                null,
                memory,
                crowned ? sight.now() : crownedAt,
                handedOverAt,
                over ? null : published);
        return new Turn(next, finding, actions, now.refusal(), now.chosen());
    }

    private Turn switching(Sight sight, Finding finding, Switchover begun) {
        Switchover now = begun;
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < TRANSITIONS && actions.isEmpty() && now.stage() != Switchover.Stage.OVER; i++) {
            Switchover.Turn turn = now.turn(sight);
            actions.addAll(turn.actions());
            boolean moved = turn.next().stage() != now.stage();
            now = turn.next();
            if (!moved) {
                break;
            }
        }
        boolean over = now.stage() == Switchover.Stage.OVER;
        Governor next =
                new Governor(term, null, over ? null : now, memory, crownedAt, handedOverAt, over ? null : published);
        return new Turn(next, finding, actions, now.refusal(), null);
    }

    private Turn beginSwitchover(Sight sight, Finding finding, Wish.Switchover wish) {
        NodeName target = wish.target() != null ? wish.target() : Plans.bestTarget(sight);
        List<String> objections =
                target == null ? List.of("no replica is attached and recorded") : Switchover.objections(sight, target);
        if (!objections.isEmpty() || target == null) {
            Refusal refusal = new Refusal("a switchover to " + target, objections, "Nothing was touched.");
            return turn(this, finding, tend(sight, finding), refusal);
        }
        return switching(sight, finding, Switchover.begin(sight, target));
    }

    private boolean wantsFailover(Sight sight, Finding finding) {
        return switch (finding.diagnosis()) {
            case FAILOVER_UNFINISHED, NEVER_FOUNDED -> true;
            case CLOSED -> {
                NodeState state = sight.primaryState();
                yield state == null
                        ? primaryIsGone(sight)
                        : !state.applied().covers(sight.record().floor());
            }
            case PRIMARY_READ_ONLY -> {
                NodeState state = sight.primaryState();
                yield state != null && !Fencing.keptItsTail(sight, state);
            }
            case PROMOTION_UNFINISHED -> {
                NodeState state = sight.primaryState();
                yield state != null && !state.applied().covers(sight.record().floor());
            }
            // Not made read-only in time, with writers that wait for room. Only where somebody else has some: a full
            // primary serves reads.
            case PRIMARY_FULL -> isHandOverPaused(sight) && Plans.bestTarget(sight) != null;
            default ->
                finding.diagnosis().wantsFailover()
                        || sight.wish() instanceof Wish.Failover
                        || (sight.acceptsLoss() && !sight.inOffice());
        };
    }

    private static boolean primaryIsGone(Sight sight) {
        var seen = sight.primaryView();
        return seen == null
                || seen.failingFor(sight.now()).compareTo(sight.policy().suspicion()) >= 0
                || Sight.ended(seen);
    }

    /**
     * Reasons to leave a silent primary alone for now. Only soft evidence is held back: by damping, and by a proof that could not
     * be had, as then nothing but the primary would be lost. Neither holds for ever.
     */
    private @Nullable Refusal heldBack(Sight sight, Finding finding) {
        Diagnosis diagnosis = finding.diagnosis();
        if (diagnosis.isHard() || !diagnosis.wantsFailover() || sight.wantsAnother()) {
            return null;
        }
        var seen = Objects.requireNonNull(sight.primaryView(), "a soft diagnosis comes from a view");
        Duration failing = seen.failingFor(sight.now());
        boolean soon = crownedAt != null
                && sight.now().since(crownedAt).compareTo(sight.policy().minimumInterval()) < 0;
        Duration damped = sight.policy().suspicion().multipliedBy(DAMPING);
        if (soon && failing.compareTo(damped) < 0) {
            return new Refusal(
                    "a failover from " + seen.name(),
                    List.of("the last one was less than "
                            + sight.policy().minimumInterval().toSeconds() + " s ago, and silence of "
                            + failing.toMillis() + " ms is soft evidence"),
                    "It goes on when the silence has lasted " + damped.toMillis()
                            + " ms, or at once when the process ends.");
        }
        List<NodeName> absent = sight.record().ackers().keySet().stream()
                .filter(acker -> sight.view().state(acker) == null)
                .toList();
        Duration longest = sight.policy().longestSilence();
        if (!absent.isEmpty() && failing.compareTo(longest) < 0) {
            return new Refusal(
                    "a failover from " + seen.name(),
                    List.of("ackers " + absent + " do not answer either: nothing could be proven"),
                    "It goes on when the silence has lasted " + longest.toMillis() + " ms.");
        }
        return null;
    }

    private List<Action> tend(Sight sight, Finding finding) {
        NodeState primary = sight.primaryState();
        return switch (finding.diagnosis()) {
            case CLOSED ->
                List.of(new Action.Write(sight.record(), sight.record().reopened(), "nobody followed: reopen"));
            case PROMOTION_UNFINISHED, PRIMARY_READ_ONLY ->
                primary == null ? List.of() : Repairs.promote(sight, primary);
            case TWO_WRITABLE, PRIMARY_FULL, SOLO, PRIMARY_ALONE, HEALTHY -> new Repairs(sight, memory).all();
            default -> List.of();
        };
    }

    private Turn turn(Governor here, Finding finding, List<Action> actions, @Nullable Refusal refusal) {
        return new Turn(here, finding, actions, refusal, null);
    }

    private Governor with(Memory seen) {
        return new Governor(term, failover, switchover, seen, crownedAt, handedOverAt, published);
    }
}
