package com.foobar.http.pool;

import java.time.Duration;

/**
 * The state of one backend, immutable: what the checks say × what the operator says, the latter made stricter by what the node
 * itself announced. {@link #usable} is the one truth table everybody asks.
 *
 * @param announced what the node itself said through its agent or control channel
 * @param announcedPercent the share of its configured weight the node asked for; 0 drains it
 * @param judged whether any check has ever decided, which is what tells a process start from a come-back
 * @param ramping whether {@code upSinceNanos} starts a slow start
 */
public record Health(
        Checked checked,
        Operator operator,
        Operator announced,
        int announcedPercent,
        boolean judged,
        boolean ramping,
        long upSinceNanos) {

    static final Health UNCHECKED = new Health(Checked.UNKNOWN, Operator.READY, Operator.READY, 100, false, false, 0);

    /** A weight is counted in these parts, so that a slow start has steps even for weight 1. */
    static final int PARTS = 1024;

    // A server that gets nothing at the start of its slow start never warms up; one percent of a share is a trickle.
    private static final int FIRST_PARTS = PARTS / 100;

    /** The stricter of operator and node. */
    public Operator allowed() {
        if (operator == Operator.READY && announced == Operator.READY && announcedPercent > 0) {
            return Operator.READY; // the usual case first: every pick asks
        }
        return operator.stricter(announcedPercent == 0 ? announced.stricter(Operator.DRAIN) : announced);
    }

    /** Whether a request may go there. */
    public boolean usable(Demand demand) {
        return usable(demand, false);
    }

    /** As {@link #usable(Demand)}; in a panic (too few are left) an ejection no longer counts. */
    boolean usable(Demand demand, boolean panic) {
        boolean answers = checked == Checked.UP || (panic && checked == Checked.EJECTED);
        Operator allowed = allowed();
        return answers && (allowed == Operator.READY || (allowed == Operator.DRAIN && demand == Demand.BOUND));
    }

    /** Whether the prober should ask this backend at all. */
    public boolean checkable() {
        return operator != Operator.MAINTENANCE;
    }

    /** The weight that counts now, in parts of a configured weight: announced share and slow start applied. */
    long weightParts(int weight, Duration slowStart, long nowNanos) {
        long full = (long) weight * PARTS;
        if (announcedPercent == 100 && !ramping) {
            return full;
        }
        long announcedParts = full * announcedPercent / 100;
        long ramp = ramping ? slowStart.toNanos() : 0;
        long up = nowNanos - upSinceNanos;
        if (up >= ramp || announcedParts == 0) {
            return announcedParts;
        }
        double grown = FIRST_PARTS + (PARTS - FIRST_PARTS) * (Math.max(0, up) / (double) ramp);
        return Math.max(1, (long) (announcedParts * grown / PARTS));
    }

    /**
     * The verdict of the active checks, UP or DOWN. A come-back starts the slow start; the first verdict of a life does not, or
     * every start of the balancer would begin with a trickle. A passing check does not end an ejection: it is exactly the check
     * that failed to see the fault. What a node announced before it went down is void: it is another life that comes back.
     */
    Health verdict(boolean up, long nowNanos) {
        if (operator == Operator.MAINTENANCE) {
            return this; // a check that was under way when maintenance began knows nothing about what comes after it
        }
        if (!up) {
            return new Health(Checked.DOWN, operator, announced, announcedPercent, true, false, 0);
        }
        if (checked == Checked.UP || checked == Checked.EJECTED) {
            return this;
        }
        return (checked == Checked.DOWN ? announced(Operator.READY, 100) : this).risen(judged, nowNanos);
    }

    Health ejected() {
        return checked == Checked.UP
                ? new Health(Checked.EJECTED, operator, announced, announcedPercent, judged, false, 0)
                : this;
    }

    Health readmitted(long nowNanos) {
        return checked == Checked.EJECTED ? risen(true, nowNanos) : this;
    }

    /** Maintenance forgets what the checks said: the server that comes back may not be the one that went. */
    Health ordered(Operator order) {
        if (order == operator) {
            return this;
        }
        return order == Operator.MAINTENANCE
                ? new Health(Checked.UNKNOWN, order, announced, announcedPercent, judged, false, 0)
                : new Health(checked, order, announced, announcedPercent, judged, ramping, upSinceNanos);
    }

    Health announced(Operator wish, int percent) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("announced weight: " + percent + " % is not within 0..100");
        }
        return new Health(checked, operator, wish, percent, judged, ramping, upSinceNanos);
    }

    private Health risen(boolean ramp, long nowNanos) {
        return new Health(Checked.UP, operator, announced, announcedPercent, true, ramp, nowNanos);
    }
}
