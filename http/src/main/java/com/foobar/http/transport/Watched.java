package com.foobar.http.transport;

/** Something with a time limit, looked at on every tick of its I/O thread; a timer for each would be an object per request. */
abstract class Watched {
    /** Its place among the watched of its lane, or -1. */
    int place = -1;

    abstract void check(long now);
}
