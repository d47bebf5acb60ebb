package com.foobar.http.probe;

import com.foobar.http.pool.CheckCounter;
import java.time.Duration;
import java.util.Optional;

/**
 * What a check asks, and what counts as a good answer.
 *
 * @param kind whether a connection is enough or an answer is wanted
 * @param path what is asked for
 * @param host the Host field of the question
 * @param lowest the lowest good status
 * @param highest the highest good status
 * @param body what the first 64 KiB of the answer must contain
 * @param timeout for the whole check, from connecting to the last byte looked at
 */
public record CheckSettings(
        Kind kind,
        String path,
        String host,
        int lowest,
        int highest,
        Optional<String> body,
        Duration timeout,
        CheckCounter.Rules rules) {

    /** How deep a check goes. */
    public enum Kind {
        HTTP,
        TCP,
        /** Nothing is asked; every backend is taken for up. */
        NONE
    }

    /** {@code GET path} expecting any 2xx or 3xx. */
    public static CheckSettings http(String path, String host, Duration timeout, CheckCounter.Rules rules) {
        return new CheckSettings(Kind.HTTP, path, host, 200, 399, Optional.empty(), timeout, rules);
    }
}
