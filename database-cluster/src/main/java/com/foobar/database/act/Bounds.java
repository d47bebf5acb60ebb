package com.foobar.database.act;

import java.time.Duration;

/**
 * How long a node may take.
 *
 * @param connect until the kernel over there has accepted
 * @param answer for each answer, the greeting's included: the kernel also accepts for a server that hangs
 */
public record Bounds(Duration connect, Duration answer) {

    public Bounds {
        // The driver takes zero for "for ever".
        if (connect.toMillis() < 1 || answer.toMillis() < 1) {
            throw new IllegalArgumentException("bounds of a millisecond or more");
        }
    }
}
