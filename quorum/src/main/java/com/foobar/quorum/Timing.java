package com.foobar.quorum;

import java.time.Duration;

/**
 * How patient a voter is.
 *
 * @param firstElection the same, up to twice that, for a voter that has just begun and until a first leader is elected: it has waited for
 *     nobody yet, and where there is a leader the others refuse to elect another one. So long it also waits for votes
 * @param electionMin a voter that hears from no leader for so long, or up to {@code electionMax}, stands for election
 * @param leaseShare of {@code electionMin}: how long a confirmation is good for. Well below one, because the voters' clocks need not run at
 *     the same speed
 * @param patience after which an unanswered {@link Quorum#confirm} means "not leading"
 * @param writePatience after which the fate of a write is unknown: two disks take part in each
 * @param parting how long each voter is asked to take over from a leader that closes: without it they elect somebody a little later; zero
 *     where all close together
 */
public record Timing(
        Duration firstElection,
        Duration electionMin,
        Duration electionMax,
        double leaseShare,
        Duration patience,
        Duration writePatience,
        Duration parting) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** A new leader waits a little longer than the old one may act: see {@link #grace()}. */
    private static final double MARGIN = 1.1;

    /** After the limits above, which its constructor reads. */
    public static final Timing DEFAULT = new Timing(
            Duration.ofMillis(100),
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            0.7,
            Duration.ofMillis(150),
            Duration.ofSeconds(2),
            Duration.ofMillis(100));

    /**
     * For voters that all live in one process: none of them can die without the others, so that nothing is lost by patience, while each
     * election costs a moment without decisions and a starved machine would cause one after the other. A pause below {@code electionMin}
     * causes none. They also end together: handing the lease from one to the next on their way out would leave them with different terms,
     * and the first to stand at the next start would be told to wait.
     */
    public static final Timing ONE_PROCESS = new Timing(
            Duration.ofMillis(1500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            0.3,
            Duration.ofMillis(300),
            Duration.ofSeconds(4),
            Duration.ZERO);

    /**
     * Of that process the voter that begins last: the others listen already, and two that stand at once elect nobody. In a JVM that has just
     * begun the first vote takes hundreds of milliseconds, and asking again in the meantime makes it take longer.
     */
    public static final Timing ONE_PROCESS_LAST = ONE_PROCESS.standingAfter(Duration.ofMillis(120));

    public Timing {
        if (firstElection.isNegative() || firstElection.isZero()) {
            throw new IllegalArgumentException("a first election after more than no time, not " + firstElection);
        }
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

    Timing standingAfter(Duration first) {
        return new Timing(first, electionMin, electionMax, leaseShare, patience, writePatience, parting);
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
