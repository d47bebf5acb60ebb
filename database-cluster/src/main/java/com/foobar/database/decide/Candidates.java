package com.foobar.database.decide;

import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who may be promoted, best first: by received, then by applied, then by the operator's priority, then by name. */
final class Candidates {

    /**
     * One node in the ranking.
     *
     * @param receivedRank how many of the others' received positions its own covers: a partial order made a number
     */
    record Candidate(
            NodeName name,
            boolean eligible,
            String reason,
            int receivedRank,
            int appliedRank,
            boolean unwanted,
            int priority) {
        @Override
        public String toString() {
            return name + (eligible ? ": " : ": not eligible, ") + reason;
        }
    }

    // Among equals the deposed primary comes last: whatever stopped it may stop it again. So does who is about to
    // leave.
    private static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(Candidate::eligible)
            .thenComparing(candidate -> !candidate.unwanted())
            .thenComparing(Candidate::receivedRank)
            .thenComparing(Candidate::appliedRank)
            .thenComparing(Candidate::priority)
            .reversed()
            .thenComparing(Candidate::name);

    /** Whoever is primary already may go on: its own log can be the only proof that there is. */
    static final String NEVER_PRIMARY = "its priority is 0, so it is never made primary";

    private Candidates() {}

    /** @param bound what must be held; under a typed override the floor of nothing, so that the best of the rest is found */
    static List<Candidate> rank(Sight sight, Position bound, Moment since, boolean loss) {
        return ranking(sight, (view, state) -> objection(sight, view, state, bound, since, loss));
    }

    /** As it looks before anything is stopped: what is still on its way may change it. */
    static List<Candidate> forecast(Sight sight) {
        return ranking(
                sight,
                (view, state) -> view.name().equals(sight.record().primary())
                        ? "it is the primary"
                        : sight.foreign(state)
                                ? foreign(state)
                                : sight.policy().isNeverPrimary(view.name()) ? NEVER_PRIMARY : "");
    }

    /** Of the eligible, and of the others why they are not. */
    static String told(List<Candidate> ranking) {
        return ranking.stream().map(Candidate::toString).collect(Collectors.joining("; "));
    }

    private static List<Candidate> ranking(Sight sight, BiFunction<NodeView, NodeState, String> objections) {
        List<NodeState> seen = sight.view().nodes().values().stream()
                .flatMap(view -> Stream.ofNullable(view.state()))
                .filter(state -> !sight.foreign(state))
                .toList();
        List<Candidate> ranking = new ArrayList<>();
        for (NodeView view : sight.view().nodes().values()) {
            NodeState state = view.state();
            if (state == null) {
                ranking.add(new Candidate(view.name(), false, "did not answer: " + view.reach(), 0, 0, false, 0));
                continue;
            }
            String objection = objections.apply(view, state);
            int priority = sight.policy().priority(view.name());
            ranking.add(new Candidate(
                    view.name(),
                    objection.isEmpty(),
                    objection.isEmpty()
                            ? "received " + state.received() + ", applied " + state.applied() + ", priority " + priority
                            : objection,
                    (int) seen.stream()
                            .filter(other -> state.received().covers(other.received()))
                            .count(),
                    (int) seen.stream()
                            .filter(other -> state.applied().covers(other.applied()))
                            .count(),
                    view.name().equals(sight.record().primary())
                            || !sight.unfit(view.name()).isEmpty(),
                    priority));
        }
        ranking.sort(BEST_FIRST);
        return ranking;
    }

    private static String foreign(NodeState state) {
        return "it holds the data of cluster " + state.cluster();
    }

    private static String objection(
            Sight sight, NodeView view, NodeState state, Position bound, Moment since, boolean loss) {
        if (sight.foreign(state)) {
            return foreign(state);
        }
        if (!state.readOnly()) {
            return "it takes writes";
        }
        if (!sight.held(view.name(), since)) {
            return "its receiver is not seen stopped by " + sight.term();
        }
        if (!loss && !state.received().covers(bound)) {
            return "it has " + state.received() + " and lacks part of " + bound;
        }
        if (!state.drained() && !state.applierRuns()) {
            return "its applier stands still before the end of the relay log";
        }
        return !loss && sight.policy().isNeverPrimary(view.name()) ? NEVER_PRIMARY : "";
    }
}
