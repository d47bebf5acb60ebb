package com.foobar.http.pool;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a pool chooses.
 *
 * @param allBackups whether all backups step in together, or only the first usable one in configured order
 * @param draws how many servers {@link Kind#RANDOM} looks at before it takes the least loaded of them
 * @param header whose value {@link Kind#HEADER} hashes
 * @param loadFactor how far above its fair share of the requests in flight a hashed server may go before keys spill over;
 *     infinity turns the bound off
 */
public record Balance(
        Kind kind,
        Mode mode,
        boolean allBackups,
        int draws,
        @Nullable String header,
        double loadFactor,
        Ejection.Rules ejection) {

    /** The algorithms, by the names of the configuration. */
    public enum Kind {
        ROUNDROBIN,
        STATIC_RR,
        LEASTCONN,
        RANDOM,
        SOURCE,
        URI,
        HEADER,
        FIRST;

        /** As written in the configuration, {@code static-rr}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Balance {
        if (draws < 1 || draws > 16) {
            throw new IllegalArgumentException("balance: draws " + draws + " is not within 1..16");
        }
        if (!(loadFactor >= 1)) {
            throw new IllegalArgumentException(
                    "balance: load factor " + loadFactor + " is below 1; 1.25 lets a server go 25 % above its share");
        }
        if (kind == Kind.HEADER && (header == null || header.isBlank())) {
            throw new IllegalArgumentException("balance: header needs the name of the header to hash");
        }
    }

    /** The defaults with this algorithm; for {@link Kind#HEADER} see {@link #byHeader}. */
    public static Balance of(Kind kind) {
        return new Balance(kind, Mode.ACTIVE_ACTIVE, false, 2, null, 1.25, Ejection.Rules.DEFAULT);
    }

    public static Balance byHeader(String header) {
        return new Balance(Kind.HEADER, Mode.ACTIVE_ACTIVE, false, 2, header, 1.25, Ejection.Rules.DEFAULT);
    }

    public Balance withMode(Mode changed, boolean all) {
        return new Balance(kind, changed, all, draws, header, loadFactor, ejection);
    }

    public Balance withDraws(int changed) {
        return new Balance(kind, mode, allBackups, changed, header, loadFactor, ejection);
    }

    public Balance withLoadFactor(double changed) {
        return new Balance(kind, mode, allBackups, draws, header, changed, ejection);
    }

    public Balance withEjection(Ejection.Rules changed) {
        return new Balance(kind, mode, allBackups, draws, header, loadFactor, changed);
    }
}
