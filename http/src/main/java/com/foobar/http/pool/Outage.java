package com.foobar.http.pool;

import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Says why a pool has no server to give, in words for a log line and an error page. */
final class Outage {
    private enum Why {
        FULL("at the limit"),
        DOWN("down"),
        UNKNOWN("not yet checked"),
        EJECTED("ejected after failures"),
        MAINTENANCE("in maintenance"),
        DRAINING("draining"),
        WEIGHTLESS("of weight 0"),
        TRIED("tried already"),
        STANDBY("waiting as backup");

        private final String text;

        Why(String text) {
            this.text = text;
        }
    }

    private Outage() {}

    static Pick explain(PoolSnapshot snapshot, @Nullable Backend bound, Caller caller) {
        if (bound != null) {
            return new Pick.Full("backend " + bound.name() + ", to which the request is bound, is at its limit");
        }
        if (snapshot.size() == 0) {
            return new Pick.Nobody("no backends are configured");
        }
        Tier tier = snapshot.tier(caller);
        boolean full = false;
        Map<Why, Integer> counts = new EnumMap<>(Why.class);
        for (int i = 0; i < snapshot.size(); i++) {
            Backend one = snapshot.member(i);
            boolean eligible = snapshot.eligible(one, tier, caller);
            full |= eligible;
            counts.merge(eligible ? Why.FULL : why(one, caller), 1, Integer::sum);
        }
        StringJoiner parts = new StringJoiner(", ");
        counts.forEach((why, count) -> parts.add(count + " " + why.text));
        String reason = snapshot.size() + (snapshot.size() == 1 ? " backend: " : " backends: ") + parts;
        return full ? new Pick.Full(reason) : new Pick.Nobody(reason);
    }

    private static Why why(Backend one, Caller caller) {
        Health health = one.health();
        if (health.allowed() == Operator.MAINTENANCE) {
            return Why.MAINTENANCE;
        }
        return switch (health.checked()) {
            case DOWN -> Why.DOWN;
            case UNKNOWN -> Why.UNKNOWN;
            case EJECTED -> Why.EJECTED;
            case UP -> up(one, health, caller);
        };
    }

    private static Why up(Backend one, Health health, Caller caller) {
        if (health.allowed() == Operator.DRAIN) {
            return Why.DRAINING;
        }
        if (one.settings().weight() == 0) {
            return Why.WEIGHTLESS;
        }
        return caller.hasTried(one) ? Why.TRIED : Why.STANDBY;
    }
}
