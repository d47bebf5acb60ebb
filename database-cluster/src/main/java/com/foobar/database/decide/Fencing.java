package com.foobar.database.decide;

import com.foobar.database.model.Boot;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;

/** Why a deposed primary certainly takes no more writes. */
final class Fencing {

    private Fencing() {}

    /** The reason in words; empty while there is none. */
    static String proof(Sight sight, NodeName deposed, Moment claimedAt) {
        NodeView seen = sight.view().view(deposed);
        if (seen != null && !seen.asked().isBefore(claimedAt)) {
            if (Sight.ended(seen)) {
                return "its server's process has ended";
            }
            if (obeysReadOnly(sight, seen.state())) {
                return "it answered read-only and obeys " + sight.term();
            }
        }
        if (sight.record().closed()) {
            return "it was made read-only before the record was closed";
        }
        if (sight.now().since(claimedAt).compareTo(sight.policy().fenceByWaiting()) >= 0) {
            return "its keeper's lease ran out: no renewal was granted for "
                    + sight.now().since(claimedAt).toMillis() + " ms";
        }
        return "";
    }

    private static boolean obeysReadOnly(Sight sight, @org.jspecify.annotations.Nullable NodeState state) {
        return state != null && state.readOnly() && state.obeyed().term().equals(sight.term());
    }

    /**
     * Whether the primary itself can be crowned again: a binary log is written before anything is sent, so it holds all that was
     * ever acknowledged, as long as no start cut its tail off.
     */
    static boolean ownLogProves(Sight sight, NodeName primary, Moment since) {
        NodeState state = sight.view().state(primary);
        return state != null
                && sight.held(primary, since)
                && state.readOnly()
                && keptItsTail(sight, state)
                && state.applied().covers(sight.record().floor());
    }

    /** A primary of this epoch that was restarted with truncation may have lost what it acknowledged. */
    static boolean keptItsTail(Sight sight, NodeState state) {
        return state.boot().tail() == Boot.Tail.KEPT
                || !state.reign().equals(sight.record().epoch());
    }
}
