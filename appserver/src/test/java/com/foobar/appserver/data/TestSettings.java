package com.foobar.appserver.data;

import java.time.Duration;

/** The settings' defaults, with what a test wants otherwise. */
public final class TestSettings {

    private TestSettings() {}

    public static DataSettings plain() {
        return settings(Duration.ofMillis(50), Duration.ofSeconds(2), 16, RequestComment.PLAIN);
    }

    static DataSettings settings(Duration causalWait, Duration patience, int connections, RequestComment comment) {
        return new DataSettings(
                connections,
                connections,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                patience,
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                causalWait,
                Duration.ofSeconds(5),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                true,
                comment);
    }
}
