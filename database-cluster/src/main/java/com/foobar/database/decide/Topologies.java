package com.foobar.database.decide;

import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.PublishedTopology;
import com.foobar.database.model.PublishedTopology.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the application servers are told. */
public final class Topologies {

    private Topologies() {}

    public static PublishedTopology of(Sight sight, boolean parked) {
        NodeName primary = sight.record().primary();
        List<Replica> replicas = sight.view()
                .others(primary)
                .flatMap(view -> Stream.ofNullable(view.state())
                        .filter(state -> !sight.foreign(state))
                        .map(state -> replica(sight, view, state)))
                .toList();
        return new PublishedTopology(
                sight.record().epoch(),
                sight.record().version(),
                sight.inOffice() && !sight.record().isClaimed() ? primary : null,
                replicas,
                parked,
                sight.policy().validity());
    }

    /**
     * What was said before stays said while nothing but silence speaks against it and nothing has been begun: a look without an answer is no
     * reason to cut the connections of every application, which judge for themselves. Of a silent replica nothing new is asked.
     *
     * @param idle no failover is under way
     */
    public static PublishedTopology patient(
            @Nullable PublishedTopology last, PublishedTopology now, Finding finding, boolean idle) {
        if (last == null || !last.epoch().equals(now.epoch())) {
            return now;
        }
        Sight sight = finding.sight();
        Set<NodeName> told = now.replicas().stream().map(Replica::name).collect(Collectors.toSet());
        List<Replica> replicas = Stream.concat(
                        now.replicas().stream(),
                        last.replicas().stream()
                                .filter(known -> !told.contains(known.name()) && isOnlySilent(sight, known.name()))
                                .map(known -> new Replica(known.name(), null, false)))
                .toList();
        boolean stays = now.primary() == null && isOnlySilent(finding, idle);
        return new PublishedTopology(
                now.epoch(),
                now.version(),
                stays ? last.primary() : now.primary(),
                replicas,
                now.parked(),
                now.validity());
    }

    private static boolean isOnlySilent(Finding finding, boolean idle) {
        NodeView primary = finding.sight().primaryView();
        return switch (finding.diagnosis()) {
            case PRIMARY_SUSPECT, PRIMARY_UNSEEN -> true;
            case PRIMARY_HUNG, PRIMARY_CUT_OFF ->
                idle
                        && primary != null
                        && isShorter(
                                primary,
                                finding.sight(),
                                finding.sight().policy().longestSilence());
            default -> false;
        };
    }

    private static boolean isOnlySilent(Sight sight, NodeName replica) {
        NodeView seen = sight.view().view(replica);
        return seen != null
                && seen.reach() == NodeView.Reach.TIMED_OUT
                && !Sight.ended(seen)
                && isShorter(seen, sight, sight.policy().patience());
    }

    private static boolean isShorter(NodeView silent, Sight sight, Duration limit) {
        return silent.failingFor(sight.now()).compareTo(limit) < 0;
    }

    private static Replica replica(Sight sight, NodeView view, NodeState state) {
        boolean serves = state.readOnly()
                && view.keeper() != NodeView.Keeper.LEAVING
                && state.lag() != null
                && state.lag().compareTo(sight.policy().lagLimit()) <= 0
                && state.receiver().isFrom(sight.record().primary());
        return new Replica(view.name(), state.lag(), serves);
    }
}
