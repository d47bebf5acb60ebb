package com.foobar.database.coordinator;

import java.time.Duration;

/**
 * The rhythm of the ring.
 *
 * @param look between two looks at a node
 * @param lookBound after which a look without an answer is silence, whatever became of it
 * @param confirm between two questions to the quorum
 * @param lease how long a confirmation is good for, from its question on: the quorum's own promise, never more
 * @param repeat after which an order whose effect was not seen is given again
 */
public record Tempo(Duration look, Duration lookBound, Duration confirm, Duration lease, Duration repeat) {
    public static final Tempo DEFAULT = new Tempo(
            Duration.ofMillis(50),
            Duration.ofMillis(400),
            Duration.ofMillis(60),
            Duration.ofMillis(210),
            Duration.ofMillis(250));

    public Tempo with(Duration quorumLease) {
        return new Tempo(look, lookBound, quorumLease.dividedBy(3), quorumLease, repeat);
    }
}
