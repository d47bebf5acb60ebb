package com.foobar.database.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one probe of one node saw.
 *
 * @param asked when the question was sent: the answer was true at some moment between this and {@code answered}
 * @param answered when the answer, or the verdict that none comes, was had
 * @param failingSince when the first question of an unbroken row without an answer was sent; null when it answers
 * @param state null when it did not answer
 */
public record NodeView(
        NodeName name,
        Moment asked,
        Moment answered,
        Reach reach,
        Keeper keeper,
        @Nullable Moment failingSince,
        @Nullable NodeState state) {

    /** How the server could be reached. */
    public enum Reach {
        ANSWERED,
        /** Its parent saw the process end. */
        EXITED,
        /** The host lives and says that nobody listens. */
        REFUSED,
        /** A kept connection broke and the next attempt is not decided yet. */
        RESET,
        TIMED_OUT
    }

    /** What the keeper on the node's host says; it answers when the server hangs. */
    public enum Keeper {
        /** Its server runs. */
        RUNS,
        /** Its server runs, and shall not be primary: its program is about to stop, or it was drained. */
        LEAVING,
        /** Its server runs and answers, and the disk of its data has no room: what is written waits for somebody to make some. */
        FULL,
        /** Its server's process has ended and is not started again without an order. */
        STOPPED,
        SILENT
    }

    public NodeView {
        if ((reach == Reach.ANSWERED) != (state != null)) {
            throw new IllegalArgumentException(name + ": a state comes with an answer and only with one, not " + reach);
        }
    }

    public boolean isAnswered() {
        return state != null;
    }

    /** How long it has not answered. */
    public Duration failingFor(Moment now) {
        return failingSince == null ? Duration.ZERO : now.since(failingSince);
    }
}
