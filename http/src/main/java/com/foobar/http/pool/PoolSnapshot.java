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

    boolean panic() {
        int ready = 0;
        int up = 0;
        int ejected = 0;
        for (Backend one : members) {
            Health health = one.health();
            if (ready(one, health)) {
                ready++;
                up += health.checked() == Checked.UP ? 1 : 0;
                ejected += health.checked() == Checked.EJECTED ? 1 : 0;
            }
        }
        return panic(ready, up, ejected);
    }

    /** Too few of the ready servers are usable: those ejected on suspicion are better than nothing. */
    private boolean panic(int ready, int up, int ejected) {
        return ejected > 0 && up * 100L < (long) ready * balance.ejection().panicPercent();
    }

    /** One pass in the usual case, because every pick comes through here; a second one only when there are ejected members. */
    Tier tier(Caller caller) {
        Backend firstBackup = null;
        boolean active = false;
        boolean ejected = false;
        for (Backend one : members) {
            Health health = one.health();
            ejected |= health.checked() == Checked.EJECTED;
            if (willing(one, health, false, caller)) {
                boolean backup = backup(one);
                active |= !backup;
                firstBackup = firstBackup == null && backup ? one : firstBackup;
            }
        }
        if (ejected && panic()) {
            return tierInPanic(caller);
        }
        return active ? Tier.of(false, false) : backups(firstBackup, false);
    }

    private Tier tierInPanic(Caller caller) {
        Backend firstBackup = null;
        for (Backend one : members) {
            if (willing(one, one.health(), true, caller)) {
                if (!backup(one)) {
                    return Tier.of(false, true);
                }
                firstBackup = firstBackup == null ? one : firstBackup;
            }
        }
        return backups(firstBackup, true);
    }

    private Tier backups(@Nullable Backend first, boolean panic) {
        return first == null || balance.allBackups() ? Tier.of(first != null, panic) : Tier.only(first, panic);
    }

    /** Whether this member may serve the request, its limit of connections left aside. */
    boolean eligible(Backend one, Tier tier, Caller caller) {
        return inTier(one, tier) && willing(one, one.health(), tier.panic(), caller);
    }

    boolean candidate(Backend one, Tier tier, Caller caller) {
        return !one.full() && eligible(one, tier, caller);
    }

    /** The weight of a candidate in parts, announced share and slow start applied; 0 for those who are none. */
    long parts(Backend one, Tier tier, Caller caller, long nowNanos) {
        Health health = one.health();
        return !one.full() && inTier(one, tier) && willing(one, health, tier.panic(), caller)
                ? health.weightParts(one.settings().weight(), one.settings().slowStart(), nowNanos)
                : 0;
    }

    private boolean inTier(Backend one, Tier tier) {
        return tier.only() == null ? backup(one) == tier.backups() : one == tier.only();
    }

    private static boolean ready(Backend one, Health health) {
        return health.allowed() == Operator.READY && one.settings().weight() > 0;
    }

    private static boolean willing(Backend one, Health health, boolean panic, Caller caller) {
        return health.usable(Demand.NEW, panic) && one.settings().weight() > 0 && !caller.hasTried(one);
    }
}
