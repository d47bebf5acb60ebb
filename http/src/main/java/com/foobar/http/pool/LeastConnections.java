package com.foobar.http.pool;

import org.jspecify.annotations.Nullable;

/** Fewest requests in flight for the weight; decided under the rotation's lock, so two threads never both see the same gap. */
record LeastConnections(Rotation rotation) implements Algorithm {
    @Override
    public Pick.@Nullable Chosen take(PoolSnapshot snapshot, Tier tier, Caller caller, long nowNanos) {
        return rotation.takeLeast(snapshot, tier, caller, nowNanos);
    }
}
