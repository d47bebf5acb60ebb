package com.foobar.database.decide;

import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Policy;
import com.foobar.database.model.Receiver.State;
import java.util.List;
import java.util.Objects;

/** Whether a node's data may be replaced by the primary's because its operator wishes so. */
final class Replacement {

    private Replacement() {}

    /** Empty when it may: asked before it is begun, and again before each step. */
    static List<String> objections(Sight sight, NodeName node) {
        NodeView view = sight.view().view(node);
        NodeState state = sight.view().state(node);
        NodeName primary = sight.record().primary();
        if (view == null) {
            return List.of("there is no node " + node + ", there are "
                    + sight.view().nodes().keySet());
        }
        if (node.equals(primary)) {
            return List.of(node + " is the primary: switch over to another node first");
        }
        if (sight.record().maintenance()) {
            return List.of("nothing is repaired during maintenance");
        }
        if (!sight.inOffice()) {
            return List.of(primary + " is not in office: there is nobody to copy from");
        }
        if (state != null && sight.foreign(state)) {
            return List.of(node + " holds the data of cluster " + state.cluster() + ", which is never touched");
        }
        if (state == null && view.keeper() == NodeView.Keeper.SILENT) {
            return List.of("the keeper of " + node + " does not answer");
        }
        if (sight.policy().mode() == Policy.Mode.STRICT && state != null && isNeeded(sight, node, state)) {
            return List.of(
                    node + " is the only one that can acknowledge writes, and in mode strict they would wait until"
                            + " all is copied: bring another replica back first");
        }
        return List.of();
    }

    /** What does not acknowledge now and could not in a moment is no loss. */
    private static boolean isNeeded(Sight sight, NodeName node, NodeState state) {
        boolean could = (state.receiver().state() == State.RUNNING || Sight.stopped(state))
                && state.receiver().state() != State.BROKEN
                && state.receiver()
                        .generation()
                        .followed()
                        .equals(sight.record().epoch())
                && Objects.requireNonNull(sight.primaryState()).applied().covers(state.applied());
        return could && sight.attached().stream().allMatch(node::equals);
    }
}
