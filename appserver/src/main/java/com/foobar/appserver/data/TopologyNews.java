package com.foobar.appserver.data;

import java.util.Optional;
import java.util.function.Consumer;

/** Where the newest topology document is had from. What it says never goes back to an older one. */
public interface TopologyNews extends AutoCloseable {

    /** A document and when, on the monotonic clock, it was asked for: before that moment it may already have been true. */
    record Heard(TopologyDocument document, long askedAtNanos) {}

    Optional<Heard> newest();

    /**
     * Tells of the newest at once if there is one, and of every further one in order, one at a time; also when only the moment it was
     * asked at is later. Must not block.
     */
    void subscribe(Consumer<Heard> listener);

    /** Somebody has met a fact that contradicts the document: ask without waiting for the next turn. */
    void askAgain();

    @Override
    void close();
}
