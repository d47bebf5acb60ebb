package com.foobar.database.model;

import java.time.Duration;
import java.util.Map;

/**
 * What the operator decided once.
 *
 * @param acks how many acknowledgements a write waits for: MariaDB knows only one
 * @param suspicion how long a primary must not answer before silence counts as a fault
 * @param patience how long to wait for what is missing before it is a refusal, or a silent replica is taken out
 * @param minimumInterval between automatic failovers on soft evidence; hard evidence with a proof is never held back
 * @param keeperLease how long a keeper serves without renewing
 * @param clockMargin what two monotonic clocks may differ by over one keeper lease
 * @param lagLimit beyond it a replica serves no reads
 * @param validity how long a published topology may be believed without news
 * @param priorities ties between equal candidates go to the higher; absent is 1, and 0 is never promoted without a typed override
 */
public record Policy(
        Mode mode,
        int acks,
        Duration suspicion,
        Duration patience,
        Duration minimumInterval,
        Duration keeperLease,
        Duration clockMargin,
        Duration lagLimit,
        Duration validity,
        Map<NodeName, Integer> priorities) {

    /** What happens to writes when no replica can acknowledge. */
    public enum Mode {
        /** They wait: none is answered that one machine's death could take away. */
        STRICT,
        /** They are answered by the primary alone, by a recorded declaration; no failover is then provable. */
        AVAILABLE
    }

    private static final int USUAL_PRIORITY = 1;

    public static final Policy DEFAULT = new Policy(
            Mode.STRICT,
            1,
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            Map.of());

    public Policy {
        if (acks < 1) {
            throw new IllegalArgumentException("a write waits for at least one acknowledgement, not " + acks);
        }
        priorities = Map.copyOf(priorities);
    }

    public int priority(NodeName node) {
        return priorities.getOrDefault(node, USUAL_PRIORITY);
    }

    /** It serves reads and acknowledges writes, and that is all. */
    public boolean isNeverPrimary(NodeName node) {
        return priority(node) <= 0;
    }

    /** So long soft evidence alone may be waited out. */
    public Duration longestSilence() {
        return suspicion.plus(patience);
    }

    /** From a confirmed bar on, after this the node's keeper has certainly stopped it. */
    public Duration fenceByWaiting() {
        return keeperLease.plus(clockMargin);
    }

    public Policy in(Mode other) {
        return new Policy(
                other,
                acks,
                suspicion,
                patience,
                minimumInterval,
                keeperLease,
                clockMargin,
                lagLimit,
                validity,
                priorities);
    }
}
