package com.foobar.http.pool;

/** The answer of a pool to one request. */
public sealed interface Pick {
    /**
     * Go there. The place below the backend's limit is taken already: release it exactly once, whatever happens.
     *
     * @param sequence the number of this pick in the pool's dispatch log; it wraps, so compare by difference
     */
    record Chosen(Backend backend, long sequence) implements Pick {}

    /** Somebody is usable, but all of them are at their limit: wait in the {@link WaitQueue}. */
    record Full(String reason) implements Pick {}

    /** Nobody is usable; the reason is for humans. */
    record Nobody(String reason) implements Pick {}
}
