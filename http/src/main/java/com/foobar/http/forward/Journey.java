package com.foobar.http.forward;

import org.jspecify.annotations.Nullable;

/**
 * The account of one request, for the access log and the metrics.
 *
 * @param backend the last one it was sent to, null if it was sent to none
 * @param retries attempts after the first
 * @param status what the client was told; 0 if it was told nothing
 * @param queueNanos spent waiting for a place
 * @param connectNanos of the last attempt, 0 on a reused connection
 * @param firstByteNanos from the beginning of the last attempt, 0 if no byte came
 * @param totalNanos from the beginning of the request
 * @param sent bytes to backends, of the last attempt
 * @param received bytes from backends, of the last attempt
 * @param detail in words; empty if there is nothing to add
 */
public record Journey(
        String pool,
        @Nullable String backend,
        int retries,
        int status,
        long queueNanos,
        long connectNanos,
        long firstByteNanos,
        long totalNanos,
        long sent,
        long received,
        boolean reused,
        Ending ending,
        String detail) {}
