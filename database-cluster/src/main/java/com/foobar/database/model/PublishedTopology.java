package com.foobar.database.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The small document that application servers poll. Newer is the higher epoch, then the higher version.
 *
 * @param primary null while nobody takes writes
 * @param parked writers should hold their writes for a moment: a planned switchover is under way
 * @param validity for how long, counted from before the question, it may be believed
 */
public record PublishedTopology(
        Epoch epoch,
        long version,
        @Nullable NodeName primary,
        List<Replica> replicas,
        boolean parked,
        Duration validity) {

    /** A replica; {@code serves} is false when its lag is unknown or beyond the limit. */
    public record Replica(NodeName name, @Nullable Duration lag, boolean serves) {}

    public PublishedTopology {
        replicas = List.copyOf(replicas);
    }
}
