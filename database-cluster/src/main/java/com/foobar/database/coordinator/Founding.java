package com.foobar.database.coordinator;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.ClusterView;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.Policy;
import com.foobar.database.model.Position;
import com.foobar.database.model.Position.Relation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PURE. Whether a quorum without a record may begin one. A lost record looks the same as one that never was: so every configured node
 * must be seen, and none may have reigned, else writes would be forgotten that only the lost record knew to look for.
 *
 * @param record null when it may not
 */
record Founding(@Nullable ClusterRecord record, List<String> objections) {

    Founding {
        objections = List.copyOf(objections);
    }

    static Founding of(String cluster, Set<NodeName> configured, ClusterView view, Policy policy) {
        List<String> objections = new ArrayList<>();
        Position all = null;
        for (NodeName node : configured) {
            NodeState state = view.state(node);
            if (state == null) {
                objections.add(node + " does not answer yet");
            } else if (!state.cluster().equals(cluster)) {
                objections.add(node + " holds the data of another cluster, " + state.cluster());
            } else if (state.reign().number() != 0 || !state.readOnly()) {
                objections.add(node + " has been primary, " + state.reign()
                        + ": the quorum's record was lost and must be restored, or the node's data be set aside");
            } else if (all != null && all.to(state.applied()) == Relation.DIVERGED) {
                objections.add(node + " holds " + state.applied() + ", which diverges from " + all);
            } else {
                all = all == null ? state.applied() : all.join(state.applied());
            }
        }
        if (all == null || !objections.isEmpty()) {
            return new Founding(null, objections);
        }
        return new Founding(ClusterRecord.founding(cluster, last(configured, policy), all), List.of());
    }

    /**
     * The first epoch begins by deposing whoever the record names, whose keeper then gets no lease for a moment. So it names the node
     * that would be chosen last, and the best can be promoted at once.
     */
    private static NodeName last(Set<NodeName> configured, Policy policy) {
        return configured.stream()
                .min(Comparator.comparing(policy::priority).thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }
}
