package com.foobar.database.coordinator;

import com.foobar.database.decide.Action;
import com.foobar.database.decide.NodeOrder;
import com.foobar.database.decide.Sight;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The whole cluster stops in good order: the primary takes no more writes, and the record is closed at its last position. Then the next
 * start needs no proof but that position, and no acker's memory. Only the ring's thread comes here.
 */
final class Farewell {
    private final CompletableFuture<Reply> reply;
    private @Nullable Moment readOnlyAt;

    Farewell(CompletableFuture<Reply> reply) {
        this.reply = reply;
    }

    /** What to do after this look; completes the reply when it is done or cannot be. */
    List<Action> turn(Sight sight) {
        ClusterRecord record = sight.record();
        NodeView view = sight.view().view(record.primary());
        NodeState state = view == null ? null : view.state();
        if (record.closed()) {
            end(Reply.done("the record is closed at " + record.floor()));
            return List.of();
        }
        if (record.isClaimed() || record.solo().isAlone() || view == null || state == null) {
            end(Reply.refused("the record stays open: " + record.primary()
                    + " is not seen in office, and its successor is found at the next start"));
            return List.of();
        }
        boolean stopped = state.readOnly() && state.obeyed().term().equals(sight.term());
        if (!stopped) {
            return List.of(new NodeOrder.Demote(record.primary()));
        }
        if (readOnlyAt == null) {
            readOnlyAt = sight.now();
        }
        // Asked after it was seen read-only: the position is its last one. Of another reign it would be somebody
        // else's.
        if (view.asked().isBefore(readOnlyAt) || !state.reign().equals(record.epoch())) {
            return List.of(new Action.Look());
        }
        return List.of(new Action.Write(record, record.closedAt(state.applied()), "everything stops in good order"));
    }

    void end(Reply answer) {
        boolean unused = reply.complete(answer);
    }
}
