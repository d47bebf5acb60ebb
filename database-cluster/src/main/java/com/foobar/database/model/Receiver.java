package com.foobar.database.model;

import org.jspecify.annotations.Nullable;

/**
 * The thread of a replica that fetches from its source.
 *
 * @param source whom it is told to fetch from; null when nobody
 */
public record Receiver(State state, @Nullable NodeName source, Generation generation) {

    /** What the receiver does. */
    public enum State {
        /** Attached: it receives, and acknowledges where it is told to. */
        RUNNING,
        /** Tries again and again: its source does not answer it. The free second witness of a dead primary. */
        CONNECTING,
        STOPPED,
        /** Stopped by an error that a retry does not cure, such as 1236, "the slave has diverged". */
        BROKEN
    }

    public boolean isFrom(NodeName node) {
        return node.equals(source);
    }
}
