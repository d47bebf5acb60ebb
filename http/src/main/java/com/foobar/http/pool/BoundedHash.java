package com.foobar.http.pool;

import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing with bounded load, for source, uri and header: every key ranks all servers (highest random weight), and goes
 * to the first of its ranking that is not too far above its fair share of the requests in flight. Ranking instead of a ring: exact
 * by weight, nothing to rebuild, and the keys of a server that is gone spread over all others instead of its neighbour.
 */
record BoundedHash(Rotation rotation, double loadFactor) implements Algorithm {
    @Override
    public Pick.@Nullable Chosen take(PoolSnapshot snapshot, Tier tier, Caller caller, long nowNanos) {
        String key = caller.key();
        if (key == null) {
            return rotation.take(snapshot, tier, caller, nowNanos, true);
        }
        long hash = Hash.of(key);
        while (true) {
            Backend best = highest(snapshot, tier, caller, nowNanos, hash);
            if (best == null) {
                return null;
            }
            if (best.tryBegin()) {
                return new Pick.Chosen(best, rotation.next());
            }
        }
    }

    private @Nullable Backend highest(PoolSnapshot snapshot, Tier tier, Caller caller, long nowNanos, long hash) {
        long weights = 0;
        long inFlight = 1;
        for (int i = 0; i < snapshot.size(); i++) {
            Backend one = snapshot.member(i);
            long parts = snapshot.parts(one, tier, caller, nowNanos);
            if (parts > 0) {
                weights += parts;
                inFlight += one.load().inFlight();
            }
        }
        double room = loadFactor * inFlight / Math.max(1, weights);
        Backend best = null;
        Backend bestUnbounded = null;
        double bestScore = 0;
        double bestUnboundedScore = 0;
        for (int i = 0; i < snapshot.size(); i++) {
            Backend one = snapshot.member(i);
            long parts = snapshot.parts(one, tier, caller, nowNanos);
            if (parts == 0) {
                continue;
            }
            double score = score(hash ^ one.nameHash, parts);
            if (score > bestUnboundedScore) {
                bestUnbounded = one;
                bestUnboundedScore = score;
            }
            if (score > bestScore && one.load().inFlight() < Math.ceil(room * parts)) {
                best = one;
                bestScore = score;
            }
        }
        // All above their bound at once is possible only while others change the numbers under our eyes.
        return best != null ? best : bestUnbounded;
    }

    /** An exponential variate's inverse: the probability of being highest is exactly the share of the weight. */
    private static double score(long hash, long parts) {
        double uniform = ((Hash.mix(hash) >>> 11) + 0.5) * 0x1p-53;
        return parts / -Math.log(uniform);
    }
}
