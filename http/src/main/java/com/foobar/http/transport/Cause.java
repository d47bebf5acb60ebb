package com.foobar.http.transport;

/** Why an attempt ended as it did. */
public enum Cause {
    NONE,
    /** Nobody listens there, or the name has no address. */
    REFUSED,
    CONNECT_TIMEOUT,
    /** The backend was silent for too long. */
    TIMEOUT,
    /** The time of the whole request was over. */
    DEADLINE,
    /** The backend closed or reset the connection before the response was complete. */
    RESET,
    /** What the backend sent is not HTTP. */
    GARBAGE,
    CLIENT_GONE,
    /** The client neither sent nor took anything for too long. */
    CLIENT_STALLED,
    /** The request's head does not fit, or cannot be written in HTTP/1.1. */
    REQUEST_UNFIT,
    /** The client sent more than the listener allows. */
    REQUEST_TOO_LARGE,
    /** This side could not do it: a handler threw, the transport is closing. */
    FAULT
}
