package com.foobar.http.pool;

import org.jspecify.annotations.Nullable;

/**
 * Which members may serve one request now: the active ones, else the backups, and whether there is a panic. A value computed
 * anew for every pick from the state of that moment, so no event can be missed.
 *
 * @param only the single backup that steps in, if not all do
 */
record Tier(boolean backups, boolean panic, @Nullable Backend only) {
    private static final Tier[] SHARED = {
        new Tier(false, false, null),
        new Tier(false, true, null),
        new Tier(true, false, null),
        new Tier(true, true, null)
    };

    static Tier of(boolean backups, boolean panic) {
        return SHARED[(backups ? 2 : 0) + (panic ? 1 : 0)];
    }

    static Tier only(Backend backup, boolean panic) {
        return new Tier(true, panic, backup);
    }
}
