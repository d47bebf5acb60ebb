package com.foobar.database.decide;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.ClusterView;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Policy;
import com.foobar.database.model.Receiver.State;
import com.foobar.database.model.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a decision may look at.
 *
 * @param leads whether this coordinator holds the lease by its own clock
 * @param recordSince when this coordinator first knew this version of the record
 * @param leaseConfirmed when the question was sent to which the quorum last answered that the lease holds
 */
public record Sight(
        Moment now,
        Term term,
        boolean leads,
        Moment leaseConfirmed,
        ClusterRecord record,
        Moment recordSince,
        ClusterView view,
        Policy policy,
        @Nullable Wish wish) {

    @Nullable
    NodeView primaryView() {
        return view.view(record.primary());
    }

    @Nullable
    NodeState primaryState() {
        return view.state(record.primary());
    }

    boolean foreign(NodeState state) {
        return !state.cluster().equals(record.cluster());
    }

    /** The named primary takes writes, for the epoch of the record. */
    boolean inOffice() {
        NodeState state = primaryState();
        return state != null
                && !foreign(state)
                && !state.readOnly()
                && state.reign().equals(record.epoch());
    }

    /** Seen since that moment with its receiver stopped under this term: it acknowledges nothing until this term says so. */
    boolean held(NodeName node, Moment since) {
        NodeView seen = view.view(node);
        NodeState state = view.state(node);
        return seen != null
                && state != null
                && !seen.asked().isBefore(since)
                && state.obeyed().term().equals(term)
                && stopped(state)
                && !foreign(state);
    }

    static boolean stopped(NodeState state) {
        return state.receiver().state() == State.STOPPED || state.receiver().state() == State.BROKEN;
    }

    /** It runs, and its keeper says why it shall not be primary; empty where it may. */
    String unfit(NodeName node) {
        NodeView seen = view.view(node);
        if (seen == null || (seen.keeper() != Keeper.LEAVING && seen.keeper() != Keeper.FULL)) {
            return "";
        }
        return seen.keeper() == Keeper.FULL
                ? "the disk of its data is full"
                : node + " was drained, or its program is about to stop";
    }

    /** Writers wait for room on the primary's disk, and nobody but a person makes any. */
    boolean isFull() {
        NodeView seen = primaryView();
        return seen != null && seen.keeper() == Keeper.FULL;
    }

    /** The server's process has ended, said by somebody who can know. */
    static boolean ended(NodeView seen) {
        return seen.reach() == Reach.EXITED || seen.keeper() == Keeper.STOPPED;
    }

    /** The ackers that fetch from the primary at this moment, as far as they say. */
    List<NodeName> attached() {
        return record.ackers().keySet().stream().filter(this::isAttached).toList();
    }

    boolean isAttached(NodeName node) {
        NodeState state = view.state(node);
        return state != null
                && state.receiver().state() == State.RUNNING
                && state.receiver().isFrom(record.primary());
    }

    /** The operator wants another primary, or the same one crowned again; or this one is of no use though it answers. */
    boolean wantsAnother() {
        return isFull() || (wish != null && !(wish instanceof Wish.Anew));
    }

    boolean acceptsLoss() {
        return wish instanceof Wish.AcceptLoss accept && accept.isValid(record.cluster());
    }
}
