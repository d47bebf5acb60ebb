package com.foobar.http.pool;

import org.jspecify.annotations.Nullable;

/** The default: the exact {@link Rotation}, following slow start and announced weights. */
record RoundRobin(Rotation rotation) implements Algorithm {
    @Override
    public Pick.@Nullable Chosen take(PoolSnapshot snapshot, Tier tier, Caller caller, long nowNanos) {
        return rotation.take(snapshot, tier, caller, nowNanos, true);
    }
}
