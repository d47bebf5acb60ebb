package com.foobar.http.pool;

/** What people (or the node itself) say about a backend, from lenient to strict: the second axis of {@link Health}. */
public enum Operator {
    READY,
    /** Only requests bound by stickiness, so that its sessions can end in peace. */
    DRAIN,
    /** Nothing at all, and it is not even checked. */
    MAINTENANCE;

    Operator stricter(Operator other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
