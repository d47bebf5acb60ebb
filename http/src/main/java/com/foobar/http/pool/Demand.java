package com.foobar.http.pool;

/** Which kind of request asks: a new one, or one bound to its backend by stickiness. */
public enum Demand {
    NEW,
    BOUND
}
