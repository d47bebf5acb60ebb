package com.foobar.http.pool;

/** How an attempt to reach a backend failed, and what the client is told when no other attempt is allowed. */
public enum Failure {
    /** Nobody listens there. */
    CONNECT_REFUSED(503, true),
    /** No answer to the attempt to connect. */
    CONNECT_TIMEOUT(504, true),
    /** An idle connection out of the pool was closed by the other side before any byte of the response: the server is well. */
    STALE_CONNECTION(502, false),
    /** The connection broke. */
    BROKEN(502, false),
    /** What came back is not HTTP. */
    BAD_ANSWER(502, false),
    /** The answer took too long. */
    ANSWER_TIMEOUT(504, false);

    private final int status;
    private final boolean beforeFirstByte;

    Failure(int status, boolean beforeFirstByte) {
        this.status = status;
        this.beforeFirstByte = beforeFirstByte;
    }

    int status() {
        return status;
    }

    boolean beforeFirstByte() {
        return beforeFirstByte;
    }
}
