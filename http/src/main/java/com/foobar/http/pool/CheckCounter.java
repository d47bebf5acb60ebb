package com.foobar.http.pool;

import java.time.Duration;

/**
 * Counts active checks, an immutable state machine: one state, and how many results in a row spoke against it. The very first
 * result decides at once, because until then the backend gets nothing.
 *
 * @param state UNKNOWN, UP or DOWN
 * @param against results in a row that contradict the state
 */
public record CheckCounter(Rules rules, Checked state, int against) {

    /**
     * How many results decide, and how long to wait between checks.
     *
     * @param rise passes in a row that raise a server which is down
     * @param fall failures in a row that take down one which is up
     * @param inter the pause between checks in a settled state
     * @param fastInter the pause while results contradict the state, or before the first one
     * @param downInter the pause while the server is settled down
     */
    public record Rules(int rise, int fall, Duration inter, Duration fastInter, Duration downInter) {
        public static final Rules DEFAULT =
                new Rules(2, 3, Duration.ofSeconds(2), Duration.ofMillis(500), Duration.ofSeconds(2));

        public Rules {
            if (rise < 1 || fall < 1) {
                throw new IllegalArgumentException(
                        "checks: rise " + rise + " and fall " + fall + " must be at least 1");
            }
            for (Duration pause : new Duration[] {inter, fastInter, downInter}) {
                if (pause.isNegative() || pause.isZero()) {
                    throw new IllegalArgumentException("checks: a pause of " + pause + " between checks is no pause");
                }
            }
        }
    }

    public static CheckCounter unchecked(Rules rules) {
        return new CheckCounter(rules, Checked.UNKNOWN, 0);
    }

    public CheckCounter result(boolean passed) {
        Checked says = passed ? Checked.UP : Checked.DOWN;
        if (state == Checked.UNKNOWN || state == says) {
            return new CheckCounter(rules, says, 0);
        }
        int needed = passed ? rules.rise() : rules.fall();
        return against + 1 >= needed ? new CheckCounter(rules, says, 0) : new CheckCounter(rules, state, against + 1);
    }

    /** How long to wait before the next check. */
    public Duration pause() {
        if (against > 0 || state == Checked.UNKNOWN) {
            return rules.fastInter();
        }
        return state == Checked.DOWN ? rules.downInter() : rules.inter();
    }
}
