package com.foobar.http.transport;

import com.foobar.http.pool.Address;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Idle connections of one I/O thread to one destination. The last one used is the first one taken: the warm ones stay warm and
 * the surplus grows old and goes.
 */
final class IdleLegs {
    final Lane lane;
    final Address address;
    private final ArrayDeque<Leg> legs = new ArrayDeque<>();

    IdleLegs(Lane lane, Address address) {
        this.lane = lane;
        this.address = address;
    }

    @Nullable
    Leg take() {
        return legs.pollLast();
    }

    /** A connection that was used just now and shows no sign of death, or null; it is for requests that may not be sent twice. */
    @Nullable
    Leg takeYoung(long now) {
        Leg leg = legs.peekLast();
        if (leg == null || now - leg.idleSince > lane.keeping.young().toNanos()) {
            return null;
        }
        legs.pollLast();
        if (leg.quiet()) {
            return leg;
        }
        leg.close();
        return null;
    }

    void give(Leg leg, long now) {
        if (lane.closed() || legs.size() >= lane.keeping.perThread()) {
            leg.close();
            return;
        }
        leg.idleSince = now;
        legs.addLast(leg);
        lane.tickSlowly();
    }

    void remove(Leg leg) {
        legs.remove(leg);
    }

    /** Closes the old ones; false if none is left. */
    boolean expire(long now) {
        long limit = lane.keeping.idle().toNanos();
        for (Leg oldest = legs.peekFirst(); oldest != null; oldest = legs.peekFirst()) {
            if (now - oldest.idleSince < limit) {
                return true;
            }
            legs.pollFirst();
            oldest.close();
        }
        return false;
    }

    void closeAll() {
        for (Leg leg = legs.pollFirst(); leg != null; leg = legs.pollFirst()) {
            leg.close();
        }
    }
}
