package com.foobar.database.decide;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.PublishedTopology;

/** What a decision wants done next. */
public sealed interface Action permits NodeOrder, Action.Write, Action.ConfirmLease, Action.Look, Action.Publish {

    /** Replace the record by compare-and-set, under the fencing term. */
    record Write(ClusterRecord expected, ClusterRecord next, String why) implements Action {}

    /** A linearisable read of the lease. */
    record ConfirmLease() implements Action {}

    /** Probe every node anew, at once. */
    record Look() implements Action {}

    record Publish(PublishedTopology topology) implements Action {}
}
