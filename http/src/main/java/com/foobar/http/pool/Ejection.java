package com.foobar.http.pool;

import java.time.Duration;

/**
 * Passive health of one backend, an immutable state machine: failures in a row lead to an ejection, repeated ejections last
 * longer and longer. Who may be ejected at all (the share) is the pool's decision.
 *
 * @param failures failed requests in a row
 * @param repeats ejections without a long calm between them
 * @param untilNanos when the last ejection ends, or ended
 */
public record Ejection(int failures, int repeats, long untilNanos) {

    static final Ejection NONE = new Ejection(0, 0, 0);

    /**
     * When to eject, for how long, and how many.
     *
     * @param failures failed requests in a row that eject; 0 turns ejection off
     * @param first how long the first ejection lasts; each repetition doubles it
     * @param longest where doubling ends, and how long a calm makes the next ejection a first one again
     * @param maxPercent of the pool that may be ejected at once
     * @param panicPercent when fewer than this share of the ready servers is usable, ejections are ignored: too few servers for
     *     the load fail too, and ejecting them makes it worse
     */
    public record Rules(int failures, Duration first, Duration longest, int maxPercent, int panicPercent) {
        public static final Rules DEFAULT = new Rules(5, Duration.ofSeconds(5), Duration.ofMinutes(5), 50, 50);

        public Rules {
            if (failures < 0 || first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
                throw new IllegalArgumentException("ejection: failures " + failures + ", first " + first + ", longest "
                        + longest + ": need failures ≥ 0 and 0 < first ≤ longest");
            }
            if (maxPercent < 0 || maxPercent > 100 || panicPercent < 0 || panicPercent > 100) {
                throw new IllegalArgumentException(
                        "ejection: percentages " + maxPercent + " and " + panicPercent + " must be within 0..100");
            }
        }
    }

    Ejection succeeded() {
        return failures == 0 ? this : new Ejection(0, repeats, untilNanos);
    }

    Ejection failed() {
        return new Ejection(Math.min(failures, Integer.MAX_VALUE - 1) + 1, repeats, untilNanos);
    }

    boolean due(Rules rules) {
        return rules.failures() > 0 && failures >= rules.failures();
    }

    Ejection eject(Rules rules, long nowNanos) {
        boolean calm = repeats > 0 && nowNanos - untilNanos >= rules.longest().toNanos();
        int again = calm ? 0 : repeats;
        return new Ejection(0, again + 1, nowNanos + length(rules, again).toNanos());
    }

    boolean over(long nowNanos) {
        return nowNanos - untilNanos >= 0;
    }

    private static Duration length(Rules rules, int doublings) {
        // Beyond 30 doublings any first length has passed any sensible longest one; the shift must not wrap before.
        Duration grown = rules.first().multipliedBy(1L << Math.min(doublings, 30));
        return grown.compareTo(rules.longest()) < 0 ? grown : rules.longest();
    }
}
