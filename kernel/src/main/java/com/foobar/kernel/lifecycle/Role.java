package com.foobar.kernel.lifecycle;

import java.time.Duration;

/**
 * One role of the stack as the supervisor sees it. The calls come in this order and from one thread: {@code start} once, then
 * any number of {@code prepare}, then {@code drain}, then {@code close}; {@code readiness} may be asked at any time by any
 * thread. There is no restart: make a new object.
 *
 * @param <L> the live part of the role's configuration, the part a reload may change
 */
public interface Role<L> extends AutoCloseable {

    /** The name of this instance in the topology: {@code web1}. */
    String name();

    /** Starts, or undoes what it began and says why it could not. */
    void start() throws StartFailure;

    /** Whether new work should be sent here now. Must answer at once. */
    Readiness readiness();

    /** Builds everything the new configuration needs beside what runs, and changes nothing until it is committed. */
    Change prepare(L live) throws ChangeRefused;

    /**
     * Stops taking new work, tells those who send it, and waits at most this long for what is in flight. Drain before close:
     * not ready, then the senders know, then the door shuts, then the last request is answered.
     */
    void drain(Duration patience);

    /** Releases everything, whatever state the role is in, and may be called again without effect. */
    @Override
    void close();
}
