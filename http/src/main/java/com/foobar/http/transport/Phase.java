package com.foobar.http.transport;

/** How far an attempt came. The order is the order of time, so phases may be compared. */
public enum Phase {
    NOT_CONNECTED,
    /** There is a connection; no byte of the request was written to it. */
    CONNECTED,
    REQUEST_PARTLY_SENT,
    REQUEST_SENT,
    /** Some or all of the response's head has come; nothing was passed on. */
    RESPONSE_HEAD,
    RESPONSE_PARTLY_PASSED_ON,
    DONE;

    /** Whether a byte of the request may have reached the backend. */
    public boolean byteSent() {
        return compareTo(REQUEST_PARTLY_SENT) >= 0;
    }

    /** Whether the client may have received a byte of the response. */
    public boolean passedOn() {
        return compareTo(RESPONSE_PARTLY_PASSED_ON) >= 0;
    }
}
