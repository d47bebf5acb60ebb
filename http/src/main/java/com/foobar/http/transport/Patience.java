package com.foobar.http.transport;

import java.time.Duration;

/**
 * How long an attempt waits for what; kept to about 20 ms.
 *
 * @param connect until there is a connection
 * @param head from the last byte of the request to the end of the response's head
 * @param idle between two bytes, either way, while bodies pass
 * @param tunnel without a byte either way after an upgrade
 */
public record Patience(Duration connect, Duration head, Duration idle, Duration tunnel) {
    public static final Patience DEFAULT =
            new Patience(Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofHours(1));

    public Patience {
        positive("connect", connect);
        positive("head", head);
        positive("idle", idle);
        positive("tunnel", tunnel);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException("timeout " + name + ": " + value + " is not within 1 ns .. 7 days");
        }
    }
}
