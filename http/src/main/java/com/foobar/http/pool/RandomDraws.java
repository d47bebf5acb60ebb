package com.foobar.http.pool;

import org.jspecify.annotations.Nullable;

/** Draws a few candidates by weight and takes the least loaded: two draws already avoid a slow server well. */
record RandomDraws(Rotation rotation, int draws) implements Algorithm {
    @Override
    public Pick.@Nullable Chosen take(PoolSnapshot snapshot, Tier tier, Caller caller, long nowNanos) {
        while (true) {
            long total = 0;
            for (int i = 0; i < snapshot.size(); i++) {
                total += snapshot.parts(snapshot.member(i), tier, caller, nowNanos);
            }
            if (total == 0) {
                return null;
            }
            Backend best = null;
            long bestParts = 0;
            for (int draw = 0; draw < draws; draw++) {
                long point = Long.remainderUnsigned(rotation.random(), total);
                for (int i = 0; i < snapshot.size(); i++) {
                    long parts = snapshot.parts(snapshot.member(i), tier, caller, nowNanos);
                    point -= parts;
                    if (parts > 0 && point < 0) {
                        Backend one = snapshot.member(i);
                        if (best == null
                                || one.load().inFlight() * bestParts
                                        < best.load().inFlight() * parts) {
                            best = one;
                            bestParts = parts;
                        }
                        break;
                    }
                }
            }
            if (best != null && best.tryBegin()) {
                return new Pick.Chosen(best, rotation.next());
            }
        }
    }
}
