package com.foobar.http.pool;

import org.jspecify.annotations.Nullable;

/** The first in configured order with a place left: fills one server before it wakes the next. */
record First(Rotation rotation) implements Algorithm {
    @Override
    public Pick.@Nullable Chosen take(PoolSnapshot snapshot, Tier tier, Caller caller, long nowNanos) {
        for (int i = 0; i < snapshot.size(); i++) {
            Backend one = snapshot.member(i);
            if (snapshot.candidate(one, tier, caller) && one.tryBegin()) {
                return new Pick.Chosen(one, rotation.next());
            }
        }
        return null;
    }
}
