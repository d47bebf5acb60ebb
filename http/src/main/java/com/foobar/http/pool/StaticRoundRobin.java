package com.foobar.http.pool;

import org.jspecify.annotations.Nullable;

/** The same exact {@link Rotation} by configured weights alone: no slow start, no announced weights, so the order is known. */
record StaticRoundRobin(Rotation rotation) implements Algorithm {
    @Override
    public Pick.@Nullable Chosen take(PoolSnapshot snapshot, Tier tier, Caller caller, long nowNanos) {
        return rotation.take(snapshot, tier, caller, nowNanos, false);
    }
}
