package com.foobar.http.transport;

/**
 * What became of one attempt to have a request answered. If nothing was passed on ({@link Phase#passedOn}), the exchange is as
 * it was before the attempt, except that part of its body may have been read.
 *
 * @param status of the response, 0 if none was understood
 * @param connectNanos until there was a connection; 0 on a reused one
 * @param firstByteNanos until the first byte of the response, 0 if none came
 * @param sent bytes written to the backend, heads included
 * @param received bytes read from the backend, heads included
 * @param reused whether the connection had carried a request before
 * @param bodyTouched whether any of the request body was asked for: then it cannot be sent again
 * @param detail for a log line; empty if there is nothing to add
 */
public record Outcome(
        Phase phase,
        Cause cause,
        int status,
        long connectNanos,
        long firstByteNanos,
        long totalNanos,
        long sent,
        long received,
        boolean reused,
        boolean bodyTouched,
        String detail) {

    public boolean succeeded() {
        return phase == Phase.DONE;
    }

    /** An idle connection that the backend closed just when it was used again: the server is well, only the connection was not. */
    public boolean stale() {
        return reused && cause == Cause.RESET && received == 0 && !phase.passedOn();
    }
}
