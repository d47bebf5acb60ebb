package com.foobar.database.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The small record that the quorum keeps. It says enough for a coordinator that knows nothing else to go on where another died.
 *
 * <p>Why no acknowledged write is lost, by induction over epochs: (1) every write acknowledged in an earlier epoch is within
 * {@code floor}; (2) a write acknowledged in this epoch and beyond the floor was received by a node in {@code ackers}, in the
 * generation named there. A node that covers the floor and all that the ackers of unbroken generation hold covers everything.
 * Every change below keeps both sentences true.
 *
 * @param version one more with each change
 * @param ackers every node that may acknowledge, with the generation in which its acknowledgement counts. A node is written here
 *     before it may acknowledge, and taken out only after it provably no longer does
 * @param closed nothing was acknowledged since the floor and nothing will be: the primary was made read-only. Then the floor
 *     alone is the proof
 * @param solo whether the primary may answer clients without an acknowledgement (mode {@code available}): then only its own log
 *     is a proof
 * @param barred nodes whose keepers get no lease: their servers take no writes and acknowledge none
 */
public record ClusterRecord(
        String cluster,
        long version,
        Epoch epoch,
        NodeName primary,
        SortedMap<NodeName, Generation> ackers,
        Position floor,
        boolean closed,
        Solo solo,
        @Nullable Claim claim,
        SortedSet<NodeName> barred,
        boolean maintenance) {

    public ClusterRecord {
        ackers = Collections.unmodifiableSortedMap(new TreeMap<>(ackers));
        barred = Collections.unmodifiableSortedSet(new TreeSet<>(barred));
    }

    /** A cluster that never had a primary: closed over what the template holds. */
    public static ClusterRecord founding(String cluster, NodeName first, Position template) {
        return new ClusterRecord(
                cluster, 1, Epoch.NONE, first, new TreeMap<>(), template, true, Solo.NO, null, new TreeSet<>(), false);
    }

    /** The next epoch nobody has used: a claim that came to nothing uses its epoch up. */
    public Epoch nextEpoch() {
        return claim != null && claim.epoch().isAfter(epoch) ? claim.epoch().next() : epoch.next();
    }

    public boolean isClaimed() {
        return claim != null;
    }

    /**
     * Whether the keeper of a node may have its lease renewed; without one it stops a writable server, and a replica's receiver.
     *
     * @param reign the epoch in which its server was promoted, when it is writable; else null
     */
    public boolean grantsLease(NodeName node, @Nullable Epoch reign) {
        return !barred.contains(node) && (reign == null || (node.equals(primary) && reign.equals(epoch)));
    }

    public ClusterRecord claimed(Term term) {
        return new ClusterRecord(
                cluster,
                version + 1,
                epoch,
                primary,
                ackers,
                floor,
                closed,
                solo,
                new Claim(nextEpoch(), term),
                plus(primary),
                maintenance);
    }

    /** As if it had not been claimed: the primary reigns on. Only while nobody was crowned, which a claim in the record says. */
    public ClusterRecord unclaimed() {
        TreeSet<NodeName> others = new TreeSet<>(barred);
        others.remove(primary);
        return new ClusterRecord(
                cluster, version + 1, epoch, primary, ackers, floor, closed, solo, null, others, maintenance);
    }

    /** A new reign. The deposed one stays barred until the new primary is seen in office. */
    public ClusterRecord crowned(Epoch next, NodeName king, Map<NodeName, Generation> newAckers, Position newFloor) {
        if (!next.isAfter(epoch)) {
            throw new IllegalArgumentException("epochs only grow: " + epoch + " is not followed by " + next);
        }
        TreeSet<NodeName> stillBarred = new TreeSet<>(barred);
        stillBarred.remove(king);
        return new ClusterRecord(
                cluster,
                version + 1,
                next,
                king,
                new TreeMap<>(newAckers),
                newFloor,
                false,
                Solo.NO,
                null,
                stillBarred,
                maintenance);
    }

    public ClusterRecord withAckers(Map<NodeName, Generation> changed, Position raised) {
        return new ClusterRecord(
                cluster,
                version + 1,
                epoch,
                primary,
                new TreeMap<>(changed),
                floor.join(raised),
                closed,
                solo,
                claim,
                barred,
                maintenance);
    }

    /** No acknowledgement is needed any more, or is needed again and everything before is within the raised floor. */
    public ClusterRecord withSolo(Solo alone, Position raised) {
        return new ClusterRecord(
                cluster,
                version + 1,
                epoch,
                primary,
                ackers,
                floor.join(raised),
                closed,
                alone,
                claim,
                barred,
                maintenance);
    }

    public ClusterRecord closedAt(Position last) {
        return new ClusterRecord(
                cluster, version + 1, epoch, primary, ackers, floor.join(last), true, solo, claim, barred, maintenance);
    }

    public ClusterRecord reopened() {
        return new ClusterRecord(
                cluster, version + 1, epoch, primary, ackers, floor, false, solo, claim, barred, maintenance);
    }

    public ClusterRecord barring(NodeName node) {
        return new ClusterRecord(
                cluster, version + 1, epoch, primary, ackers, floor, closed, solo, claim, plus(node), maintenance);
    }

    public ClusterRecord admitting(NodeName node) {
        TreeSet<NodeName> fewer = new TreeSet<>(barred);
        fewer.remove(node);
        return new ClusterRecord(
                cluster, version + 1, epoch, primary, ackers, floor, closed, solo, claim, fewer, maintenance);
    }

    public ClusterRecord inMaintenance(boolean wanted) {
        return new ClusterRecord(
                cluster, version + 1, epoch, primary, ackers, floor, closed, solo, claim, barred, wanted);
    }

    private TreeSet<NodeName> plus(NodeName node) {
        TreeSet<NodeName> more = new TreeSet<>(barred);
        more.add(node);
        return more;
    }
}
