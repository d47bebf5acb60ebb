package com.foobar.database.simulate;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Term;
import org.jspecify.annotations.Nullable;

/** The quorum as one linearisable place: a lease with a fencing term, the record, and leases for keepers. */
final class SimQuorum {
    static final long LEASE = 600;

    private final World world;
    private ClusterRecord record;
    private int holder = -1;
    private long leaseUntil;
    private Term term = Term.NONE;

    SimQuorum(World world, ClusterRecord founding) {
        this.world = world;
        this.record = founding;
    }

    ClusterRecord record() {
        return record;
    }

    /** What a coordinator is told when it asks for the lease. */
    record Grant(boolean granted, Term term, ClusterRecord record) {}

    Grant lease(int coordinator) {
        if (holder != coordinator || leaseUntil <= world.now()) {
            if (leaseUntil > world.now()) {
                return new Grant(false, term, record);
            }
            holder = coordinator;
            term = new Term(term.number() + 1);
        }
        leaseUntil = world.now() + LEASE;
        return new Grant(true, term, record);
    }

    /** A coordinator that was started anew is not the one that held the lease, whatever its name. */
    void forget(int coordinator) {
        if (holder == coordinator) {
            holder = -2;
        }
    }

    ClusterRecord write(Term by, ClusterRecord expected, ClusterRecord next) {
        if (by.equals(term) && record.version() == expected.version()) {
            world.invariants().recordChanges(record, next);
            record = next;
        }
        return record;
    }

    /** The version the node's keeper must from now on insist on, or a negative number. */
    long keeperLease(NodeName node, @Nullable Epoch reign) {
        return record.grantsLease(node, reign) ? record.version() : -1;
    }
}
