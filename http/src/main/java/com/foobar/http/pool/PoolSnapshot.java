package com.foobar.http.pool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pool is until the next reload: its members in configured order, and how it chooses among them. Immutable. */
final class PoolSnapshot {
    static final int MAX_MEMBERS = 4096;

    private final Backend[] members;
    private final Map<String, Backend> byName;
    private final Balance balance;
    private final Algorithm algorithm;
    private final boolean passive;

    PoolSnapshot(List<Backend> members, Balance balance, Algorithm algorithm) {
        this.members = members.toArray(Backend[]::new);
        this.byName = new HashMap<>();
        for (Backend one : members) {
            byName.put(one.name(), one);
        }
        this.balance = balance;
        this.algorithm = algorithm;
        this.passive = balance.mode() == Mode.ACTIVE_PASSIVE;
    }

    int size() {
        return members.length;
    }

    Backend member(int index) {
        return members[index];
    }

    @Nullable
    Backend named(String name) {
        return byName.get(name);
    }

    Balance balance() {
        return balance;
    }

    Algorithm algorithm() {
        return algorithm;
    }

    boolean backup(Backend one) {
        return passive && one.settings().backup();
    }

    /** Too few of the ready servers are usable: those ejected on suspicion are better than nothing. */
    boolean panic() {
        int ready = 0;
        int up = 0;
        int ejected = 0;
        for (Backend one : members) {
            Health health = one.health();
            if (health.allowed() == Operator.READY && one.settings().weight() > 0) {
                ready++;
                up += health.checked() == Checked.UP ? 1 : 0;
                ejected += health.checked() == Checked.EJECTED ? 1 : 0;
            }
        }
        return ejected > 0 && up * 100L < (long) ready * balance.ejection().panicPercent();
    }

    Tier tier(Caller caller) {
        boolean panic = panic();
        Backend firstBackup = null;
        for (Backend one : members) {
            if (willing(one, panic, caller)) {
                if (!backup(one)) {
                    return Tier.of(false, panic);
                }
                firstBackup = firstBackup == null ? one : firstBackup;
            }
        }
        return firstBackup == null || balance.allBackups()
                ? Tier.of(firstBackup != null, panic)
                : Tier.only(firstBackup, panic);
    }

    /** Whether this member may serve the request, its limit of connections left aside. */
    boolean eligible(Backend one, Tier tier, Caller caller) {
        boolean inTier = tier.only() == null ? backup(one) == tier.backups() : one == tier.only();
        return inTier && willing(one, tier.panic(), caller);
    }

    boolean candidate(Backend one, Tier tier, Caller caller) {
        return !one.full() && eligible(one, tier, caller);
    }

    private static boolean willing(Backend one, boolean panic, Caller caller) {
        return one.settings().weight() > 0 && one.health().usable(Demand.NEW, panic) && !caller.hasTried(one);
    }
}
