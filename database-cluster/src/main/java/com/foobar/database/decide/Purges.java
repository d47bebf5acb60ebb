package com.foobar.database.decide;

import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Position;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which binary logs nobody needs any more: a node that follows fetches what it has not applied, so what everybody has applied is for
 * backups only. How old that must be, and what a short disk changes, is for the keeper of each disk.
 */
public final class Purges {

    private Purges() {}

    /** To every node that answers; none while the primary is not in office, because somebody may be needed then. */
    public static List<NodeOrder.Purge> orders(Sight sight) {
        if (!sight.inOffice() || sight.record().isClaimed() || sight.record().maintenance()) {
            return List.of();
        }
        List<NodeView> present = sight.view().nodes().values().stream()
                .filter(view -> view.state() != null && !sight.foreign(view.state()))
                .toList();
        Optional<Position> applied = present.stream()
                .flatMap(view -> Stream.ofNullable(view.state()))
                .map(NodeState::applied)
                .reduce(Position::meet);
        boolean complete = present.size() == sight.view().nodes().size();
        return applied.stream()
                .flatMap(all -> present.stream().map(view -> new NodeOrder.Purge(view.name(), all, complete)))
                .toList();
    }
}
