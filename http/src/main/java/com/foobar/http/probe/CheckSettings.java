package com.foobar.http.probe;

import com.foobar.http.pool.CheckCounter;
import com.foobar.http.transport.ProxyVersion;
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
 * @param proxy with which PROXY protocol header the connection begins, if with any
 * @param timeout for the whole check, from connecting to the last byte looked at
 */
public record CheckSettings(
        Kind kind,
        String path,
        String host,
        int lowest,
        int highest,
        Optional<String> body,
        Optional<ProxyVersion> proxy,
        Duration timeout,
        CheckCounter.Rules rules) {

    /** How deep a check goes. */
    public enum Kind {
        HTTP,
        TCP,
        /** Nothing is asked; every backend is taken for up. */
        NONE
    }

    public CheckSettings withProxy(Optional<ProxyVersion> changed) {
        return new CheckSettings(kind, path, host, lowest, highest, body, changed, timeout, rules);
    }

    /** {@code GET path} expecting any 2xx or 3xx. */
    public static CheckSettings http(String path, String host, Duration timeout, CheckCounter.Rules rules) {
        return new CheckSettings(Kind.HTTP, path, host, 200, 399, Optional.empty(), Optional.empty(), timeout, rules);
    }
}
