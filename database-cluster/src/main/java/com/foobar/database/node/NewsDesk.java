package com.foobar.database.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Who tells who is primary: a coordinator, here or on another machine. */
@FunctionalInterface
public interface NewsDesk {

    /**
     * The published document, as soon as it is newer than the one named, or as it is when the wait is over. Fails soon where nobody leads.
     */
    CompletableFuture<String> newerThan(long epoch, long version, Duration wait);
}
