package com.foobar.http.transport;

import java.time.Duration;

/**
 * How idle connections are kept.
 *
 * @param perThread how many for each destination and I/O thread
 * @param idle how long; it must be shorter than the backend keeps them, or requests meet closing connections
 * @param young how recently a connection must have been used for a request that may not be sent twice
 */
public record Keeping(int perThread, Duration idle, Duration young) {
    public static final Keeping DEFAULT = new Keeping(256, Duration.ofSeconds(15), Duration.ofSeconds(1));

    public Keeping {
        if (perThread < 0 || perThread > 65_536) {
            throw new IllegalArgumentException("idle connections: " + perThread + " is not within 0..65536");
        }
        if (idle.isNegative() || young.isNegative()) {
            throw new IllegalArgumentException("idle connections: " + idle + " and " + young + " must not be negative");
        }
    }
}
