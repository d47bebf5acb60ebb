package com.foobar.http.pool;

/**
 * One failed attempt, as the retry policy judges it.
 *
 * @param number 1 for the first attempt of this request
 * @param byteSent whether any byte of the request may have reached the backend
 * @param bodyReplayable whether there is no body, or all of it is still held in memory
 * @param responsePassedOn whether the client has received any byte of the response
 */
public record Attempt(
        String method,
        Failure failure,
        int number,
        boolean byteSent,
        boolean bodyReplayable,
        boolean responsePassedOn,
        long deadlineNanos) {
    public Attempt {
        if (number < 1) {
            throw new IllegalArgumentException("attempt number " + number + ": the first attempt is 1");
        }
    }
}
