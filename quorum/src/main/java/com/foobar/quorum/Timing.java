package com.foobar.quorum;

import java.time.Duration;

/**
 * How patient a voter is.
 *
 * @param electionMin a voter that hears from no leader for so long, or up to {@code electionMax}, stands for election
 * @param leaseShare of {@code electionMin}: how long a confirmation is good for. Well below one, because the voters' clocks need not run at
 *     the same speed
 * @param patience after which an unanswered {@link Quorum#confirm} means "not leading"
 * @param writePatience after which the fate of a write is unknown: two disks take part in each
 */
public record Timing(
        Duration electionMin, Duration electionMax, double leaseShare, Duration patience, Duration writePatience) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** A new leader waits a little longer than the old one may act: see {@link #grace()}. */
    private static final double MARGIN = 1.1;

    /** After the limits above, which its constructor reads. */
    public static final Timing DEFAULT = new Timing(
            Duration.ofMillis(300), Duration.ofMillis(600), 0.7, Duration.ofMillis(150), Duration.ofSeconds(2));

    public Timing {
        if (electionMin.compareTo(SHORTEST) < 0 || electionMax.compareTo(electionMin) <= 0) {
            throw new IllegalArgumentException("election timeouts from " + SHORTEST.toMillis()
                    + " ms, the longer above the shorter: not " + electionMin + " to " + electionMax);
        }
        if (!(leaseShare > 0 && leaseShare <= 0.9)) {
            throw new IllegalArgumentException("a lease share above 0 and up to 0.9, not " + leaseShare);
        }
        if (patience.isNegative() || patience.isZero() || writePatience.compareTo(patience) < 0) {
            throw new IllegalArgumentException("a patience above zero, and for writes no shorter one");
        }
    }

    /** From {@link Confirmed#askedNanos} on, no other voter confirms a newer term for so long. */
    public Duration lease() {
        return Duration.ofNanos((long) (electionMin.toNanos() * leaseShare));
    }

    /**
     * How long a newly elected leader confirms nothing. Whoever elected it may have answered the old leader a moment before, and then knows
     * that leader's lease to be running: what Raft promises about terms it does not promise about time.
     */
    Duration grace() {
        return Duration.ofNanos((long) (lease().toNanos() * MARGIN));
    }
}
