package com.foobar.database.decide;

import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.PublishedTopology;
import com.foobar.database.model.PublishedTopology.Replica;
import java.util.List;
import java.util.stream.Stream;

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

    private static Replica replica(Sight sight, NodeView view, NodeState state) {
        boolean serves = state.readOnly()
                && view.keeper() != NodeView.Keeper.LEAVING
                && state.lag() != null
                && state.lag().compareTo(sight.policy().lagLimit()) <= 0
                && state.receiver().isFrom(sight.record().primary());
        return new Replica(view.name(), state.lag(), serves);
    }
}
