package com.foobar.database.simulate;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Epoch;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/** The ledger of acknowledged writes, and what must hold after every step. */
final class Invariants {
    /** A schedule that broke a promise. */
    static final class Broken extends AssertionError {
        private static final long serialVersionUID = 1L;

        Broken(String what) {
            super(what);
        }
    }

    private final World world;
    private final BitSet acknowledged = new BitSet();
    private final Map<Epoch, Integer> reigns = new TreeMap<>();
    private Epoch highestAcknowledging = Epoch.NONE;
    private int count;
    private int crowns;
    private int lateFromDemoted;
    private int lateFromThawed;

    Invariants(World world) {
        this.world = world;
    }

    int acknowledgedCount() {
        return count;
    }

    int crowns() {
        return crowns;
    }

    void acknowledged(SimNode node, int id) {
        acknowledged.set(id);
        count++;
        ClusterRecord record = world.quorum().record();
        Epoch newest = record.epoch();
        if (newest.isAfter(node.reign)) {
            late(node, id, record);
            return;
        }
        if (highestAcknowledging.isAfter(node.reign)) {
            throw new Broken("two primaries acknowledge: " + node.name + " of " + node.reign + " after one of "
                    + highestAcknowledging);
        }
        highestAcknowledging = node.reign;
    }

    /**
     * A deposed primary that acknowledges breaks the promise, with two exceptions, each counted and neither able to lose a write,
     * because the new primary must hold it. Demoted in a switchover: the write was taken before the record was closed. Frozen past
     * its lease: the acknowledgement lay in the host's buffer, and the server read it before the keeper ran again; no fence on the
     * host itself can come first.
     */
    private void late(SimNode node, int id, ClusterRecord record) {
        SimKeeper keeper = world.keeper(node.place);
        boolean held = world.node(world.place(record.primary())).ids.get(id);
        if (held && node.readOnly) {
            lateFromDemoted++;
        } else if (held && keeper.hasJustThawed() && !keeper.hasLease()) {
            lateFromThawed++;
        } else {
            throw new Broken(node.name + " of " + node.reign + " acknowledged write " + id + " though " + record.epoch()
                    + " has begun: a deposed primary acknowledges");
        }
    }

    int lateFromDemoted() {
        return lateFromDemoted;
    }

    int lateFromThawed() {
        return lateFromThawed;
    }

    void promoted(SimNode node) {
        Integer other = reigns.putIfAbsent(node.reign, node.place);
        if (other != null && other != node.place) {
            throw new Broken(
                    node.name + " reigns in " + node.reign + " which is the reign of " + world.node(other).name);
        }
    }

    void recordChanges(ClusterRecord from, ClusterRecord to) {
        if (from.epoch().isAfter(to.epoch()) || to.version() != from.version() + 1) {
            throw new Broken("the record went from " + from + " to " + to + ": epochs and versions only grow");
        }
        if (to.epoch().isAfter(from.epoch())) {
            crowns++;
        }
    }

    /** Every acknowledged write is in the log of the primary of the newest epoch. */
    void check() {
        ClusterRecord record = world.quorum().record();
        if (record.epoch().equals(Epoch.NONE)) {
            return;
        }
        SimNode primary = world.node(world.place(record.primary()));
        BitSet lost = (BitSet) acknowledged.clone();
        lost.andNot(primary.ids);
        if (!lost.isEmpty()) {
            throw new Broken("acknowledged writes " + lost + " are not on " + primary.name + ", the primary of "
                    + record.epoch());
        }
    }
}
