package com.foobar.http.pool;

import org.jspecify.annotations.Nullable;

/** One way to choose among the candidates of a snapshot. Called by any number of threads at once. */
interface Algorithm {
    /**
     * Chooses a candidate and takes a place on it; null if there is no candidate with a place left. Choosing and taking are one
     * step as seen from outside: a candidate whose last place another thread took meanwhile is passed over.
     */
    Pick.@Nullable Chosen take(PoolSnapshot snapshot, Tier tier, Caller caller, long nowNanos);

    static Algorithm of(Balance balance, Rotation rotation) {
        return switch (balance.kind()) {
            case ROUNDROBIN -> new RoundRobin(rotation);
            case STATIC_RR -> new StaticRoundRobin(rotation);
            case LEASTCONN -> new LeastConnections(rotation);
            case RANDOM -> new RandomDraws(rotation, balance.draws());
            case SOURCE, URI, HEADER -> new BoundedHash(rotation, balance.loadFactor());
            case FIRST -> new First(rotation);
        };
    }
}
