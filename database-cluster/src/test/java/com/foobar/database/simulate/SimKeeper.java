package com.foobar.database.simulate;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Stamp;

/** The keeper of one node: its lease, and the check of every order on the node itself. */
final class SimKeeper {
    private static final long RENEW = 200;

    private final World world;
    private final SimNode node;
    private final double clockRate;
    private final long lease;

    private Stamp obeyed = Stamp.NONE;
    private long version;
    private long leaseUntil;
    private long renewAt;
    private long ranAt;

    SimKeeper(World world, SimNode node, double clockRate) {
        this.world = world;
        this.node = node;
        this.clockRate = clockRate;
        this.lease = world.policy().keeperLease().toMillis();
        this.leaseUntil = clock() + lease;
    }

    private long clock() {
        return (long) (world.now() * clockRate);
    }

    Stamp obeyed() {
        return obeyed;
    }

    boolean hasLease() {
        return clock() < leaseUntil || unchecked();
    }

    /** The host stood still until this very step: the server may have run before the keeper could. */
    boolean hasJustThawed() {
        return ranAt < world.now() - World.STEP;
    }

    private boolean unchecked() {
        return world.variation() == Variation.OBEYS_DEPOSED_COORDINATORS;
    }

    void tick() {
        if (world.net().frozen(node.place, world.now())) {
            return;
        }
        ranAt = world.now();
        if (!hasLease() && node.up) {
            if (node.readOnly) {
                node.stopReceiver();
            } else {
                node.crash();
            }
        }
        if (clock() >= renewAt) {
            renewAt = clock() + RENEW;
            renew();
        }
    }

    private void renew() {
        long asked = clock();
        Epoch reign = node.up && !node.readOnly ? node.reign : null;
        int quorum = world.quorumPlace();
        world.net().send(world.now(), node.place, quorum, () -> {
            long granted = world.quorum().keeperLease(node.name, reign);
            if (granted >= 0) {
                world.net().send(world.now(), quorum, node.place, () -> {
                    boolean promotedSince = node.up && !node.readOnly && !node.reign.equals(reign);
                    if (!promotedSince) {
                        leaseUntil = Math.max(leaseUntil, asked + lease);
                    }
                    version = Math.max(version, granted);
                });
            }
        });
    }

    void order(Stamp stamp, NodeOrder order) {
        if (!unchecked() && !obeyed.admits(stamp, version)) {
            return;
        }
        obeyed = stamp;
        carryOut(order);
    }

    private void carryOut(NodeOrder order) {
        if (order instanceof NodeOrder.Fence) {
            node.crash();
        } else if (order instanceof NodeOrder.Start start) {
            start(start);
        } else if (node.serves()) {
            toServer(order);
        }
    }

    private void start(NodeOrder.Start start) {
        if (start.tail() == Boot.Tail.TRUNCATED && !start.epoch().isAfter(node.reign)) {
            return;
        }
        if (!node.up) {
            node.start(start.tail());
        } else if (start.tail() == Boot.Tail.TRUNCATED && node.readOnly && node.boot.tail() == Boot.Tail.KEPT) {
            node.crash();
            node.start(start.tail());
        }
    }

    private void toServer(NodeOrder order) {
        if (order instanceof NodeOrder.StopReceiver) {
            node.stopReceiver();
        } else if (order instanceof NodeOrder.Promote promote) {
            promote(promote);
        } else if (order instanceof NodeOrder.Follow follow) {
            boolean next =
                    node.generation.next(node.boot.id(), follow.as().followed()).equals(follow.as());
            if ((next && node.readOnly && hasLease()) || unchecked()) {
                node.follow(world.place(follow.source()), follow.as());
            }
        } else if (order instanceof NodeOrder.Demote) {
            node.readOnly = true;
        } else if (order instanceof NodeOrder.WaitForAcks wait) {
            node.waits = wait.needed();
        } else if (order instanceof NodeOrder.Reprovision anew) {
            SimNode from = world.node(world.place(anew.source()));
            if (node.readOnly && from.serves() && world.net().open(from.place, node.place, world.now())) {
                node.copyFrom(from);
            }
        }
    }

    private void promote(NodeOrder.Promote order) {
        boolean allowed = unchecked()
                || node.readOnly
                        && node.boot.id().equals(order.boot())
                        && (node.applied().covers(order.atLeast())
                                || world.variation() == Variation.PROMOTES_BEFORE_DRAINED)
                        && !node.reign.isAfter(order.epoch())
                        && hasLease();
        if (allowed) {
            node.promote(order.epoch());
            world.invariants().promoted(node);
        }
    }
}
