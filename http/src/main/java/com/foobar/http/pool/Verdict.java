package com.foobar.http.pool;

/** What to do after a failed attempt. A retry is made at once: there is nothing to wait for on another server. */
public sealed interface Verdict {
    /** Pick again, without the servers tried so far. */
    enum RetryElsewhere implements Verdict {
        NOW
    }

    /** The same server on a new connection: only the connection was bad, and the rotation is not asked again. */
    enum RetrySame implements Verdict {
        FRESH_CONNECTION
    }

    /**
     * Tell the client.
     *
     * @param status 502, 503 or 504; without meaning if {@code cutOff}
     * @param cutOff part of the response has left already: only closing the connection tells the client that it is incomplete
     */
    record GiveUp(Reason reason, int status, boolean cutOff) implements Verdict {}

    /** Why no further attempt is made. */
    enum Reason {
        RESPONSE_STARTED("part of the response was already passed on"),
        NOT_IDEMPOTENT("the request may have been carried out and its method is not idempotent"),
        BODY_GONE("the request body was passed on without keeping it"),
        ATTEMPTS_USED_UP("all attempts are used up"),
        DEADLINE("the time of the request is over"),
        BUDGET_USED_UP("too many requests are being retried; retrying this one too would feed the outage");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** For a log line. */
        public String text() {
            return text;
        }
    }
}
