package com.foobar.database.decide;

import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Position;

/** An order to one node. Every order may be repeated, late or lost: it must do no harm twice and its effect is seen by probes. */
public sealed interface NodeOrder extends Action {
    NodeName node();

    /** End the server for good: SIGKILL by the keeper; database.md 5.1 says why nothing softer fences. */
    record Fence(NodeName node) implements NodeOrder {}

    /** Stop fetching, keep applying. Also the way to make a node obey this term. */
    record StopReceiver(NodeName node) implements NodeOrder {}

    /** Take writes for this epoch, waiting for acknowledgements; only in this life and with at least this much applied. */
    record Promote(NodeName node, Epoch epoch, String boot, Position atLeast) implements NodeOrder {}

    /**
     * Fetch from the source and acknowledge, as this generation: done where it is the node's next one, already done where it is
     * the present one, refused otherwise. Without that a repeated order would break the generation it had just begun.
     */
    record Follow(NodeName node, NodeName source, Generation as) implements NodeOrder {}

    /** Start the server, read-only and following nobody; one that runs is restarted only to truncate its tail. */
    record Start(NodeName node, Boot.Tail tail, Epoch epoch) implements NodeOrder {}

    /** Take no more writes. Only where writers are parked: with a writer waiting for an acknowledgement this blocks. */
    record Demote(NodeName node) implements NodeOrder {}

    /** Answer clients only after an acknowledgement, or without. */
    record WaitForAcks(NodeName node, boolean needed) implements NodeOrder {}

    /** Delete binary logs that are within what all have applied; whether all nodes there are, or only all that answer. */
    record Purge(NodeName node, Position applied, boolean complete) implements NodeOrder {}

    /** Keep the data aside, export what only it has, and provision the node anew. */
    record Reprovision(NodeName node, NodeName source) implements NodeOrder {}
}
