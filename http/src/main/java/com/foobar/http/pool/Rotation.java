package com.foobar.http.pool;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The one rotation of a pool, shared by all threads and kept over reloads: smooth weighted round robin, made exact under change.
 *
 * <p>Every candidate of a pick earns its share of one request (weight ÷ weight of all candidates), the richest is picked and pays
 * one request. With a constant set this is the well-known smooth order. Three things make it survive change:
 * <ul>
 *   <li>Only candidates earn. Who is down, draining, full or already tried by this request neither earns nor pays: its share is
 *       spread over the others by weight, not given to its neighbour, and it has no claim to a burst when it returns.
 *   <li>Credit is counted in requests, whatever the weights were when it was earned. Two equal members that are candidates
 *       together earn the same to the last bit, so their difference is their difference in picks, and it never passes one.
 *   <li>All credits add up to zero (except those of members that left), so a newcomer starting at zero is neither late nor early.
 * </ul>
 * A lock and no clever lock-free counter: the order of picks must be one order, and a turn depends on all members. It is held
 * for one pass over the members, takes no other lock and never blocks.
 */
final class Rotation {
    // A request in the finest unit. Large, so that restating credits after a change rounds by less than a billionth of
    // a request;
    // small enough that part * unit in Turn stays below 2^62.
    private static final long RESOLUTION = 1L << 31;
    // Above this many steps a start offset costs more than it gives.
    private static final int LONGEST_ROUND = 4096;

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private final Object lock = new Object();
    // Lives here, not in the algorithm, so that a reload does not draw the same numbers again.
    private final AtomicLong random;
    // Guarded by lock.
    private long sequence;
    private long[] shares = {};
    private long scaledTotal;
    private long scale;

    Rotation(long firstSequence, long seed) {
        this.sequence = firstSequence;
        this.random = new AtomicLong(Hash.mix(seed));
    }

    /** The next of 2^64 well mixed numbers. */
    long random() {
        return Hash.mix(random.addAndGet(GOLDEN_GAMMA));
    }

    /** The number of a pick that is not a turn. */
    long next() {
        synchronized (lock) {
            return sequence++;
        }
    }

    /** A member that was never picked counts as picked before all others. */
    Turn newTurn() {
        synchronized (lock) {
            return new Turn(sequence - Long.MAX_VALUE / 2);
        }
    }

    Pick.@Nullable Chosen take(PoolSnapshot snapshot, Tier tier, Caller caller, long nowNanos, boolean dynamic) {
        synchronized (lock) {
            int size = snapshot.size();
            shares = shares.length < size ? new long[size] : shares;
            long total = 0;
            for (int i = 0; i < size; i++) {
                Backend one = snapshot.member(i);
                long parts = snapshot.parts(one, tier, caller, nowNanos);
                shares[i] = dynamic || parts == 0 ? parts : one.settings().weight();
                total += shares[i];
            }
            while (total > 0) {
                int best = richest(snapshot, total);
                Backend one = snapshot.member(best);
                if (one.tryBegin()) {
                    return new Pick.Chosen(one, charge(snapshot, total, best));
                }
                total -= shares[best]; // a bound request, which takes no turn, got the last place
                shares[best] = 0;
            }
            return null;
        }
    }

    /** The least loaded for its weight; among equals who waited longest, so that an idle pool uses all of its servers. */
    Pick.@Nullable Chosen takeLeast(PoolSnapshot snapshot, Tier tier, Caller caller, long nowNanos) {
        synchronized (lock) {
            while (true) {
                Backend best = null;
                long bestParts = 0;
                long bestLoad = 0;
                for (int i = 0; i < snapshot.size(); i++) {
                    Backend one = snapshot.member(i);
                    long parts = snapshot.parts(one, tier, caller, nowNanos);
                    if (parts == 0) {
                        continue;
                    }
                    long load = one.load().inFlight();
                    long against = best == null ? -1 : load * bestParts - bestLoad * parts;
                    if (best == null || against < 0 || (against == 0 && one.turn.last - best.turn.last < 0)) {
                        best = one;
                        bestParts = parts;
                        bestLoad = load;
                    }
                }
                if (best == null) {
                    return null;
                }
                if (best.tryBegin()) {
                    best.turn.last = sequence++;
                    return new Pick.Chosen(best, best.turn.last);
                }
            }
        }
    }

    /**
     * Puts this balancer of a fleet at its own place in the round, as if it had made that many picks. Consecutive balancers are
     * a golden section of the round apart, so that a fleet of any size is spread evenly, and the first two begin on different
     * servers.
     */
    void offset(PoolSnapshot snapshot, long fleetIndex) {
        synchronized (lock) {
            int round = prepareRound(snapshot);
            if (round < 2 || fleetIndex == 0) {
                return;
            }
            int[] order = new int[round];
            long total = total(snapshot.size());
            long first = sequence;
            for (int step = 0; step < round; step++) {
                order[step] = richest(snapshot, total);
                charge(snapshot, total, order[step]);
            }
            // After a whole round all credits are back at zero, and the order begins again.
            int place = (int) Math.floorMod(Math.floorMod(fleetIndex, (long) round) * stride(order), (long) round);
            for (int step = 0; step < place; step++) {
                charge(snapshot, total, order[step]);
            }
            // These picks never happened: they lie before the first number.
            for (int i = 0; i < snapshot.size(); i++) {
                snapshot.member(i).turn.last -= sequence - first;
            }
            sequence = first;
        }
    }

    /** Fills the shares with the configured weights of those who will take turns, and tells how many picks a round has. */
    private int prepareRound(PoolSnapshot snapshot) {
        shares = new long[snapshot.size()];
        long divisor = 0;
        boolean actives = false;
        for (int i = 0; i < shares.length; i++) {
            actives |= !snapshot.backup(snapshot.member(i));
        }
        for (int i = 0; i < shares.length; i++) {
            Backend one = snapshot.member(i);
            shares[i] = actives && snapshot.backup(one) ? 0 : one.settings().weight();
            divisor = gcd(shares[i], divisor);
        }
        return divisor == 0 ? 0 : (int) Math.min(total(shares.length) / divisor, LONGEST_ROUND);
    }

    private long total(int size) {
        long total = 0;
        for (int i = 0; i < size; i++) {
            total += shares[i];
        }
        return total;
    }

    /** Near the golden section, without common divisor so that every place is used, and not on the server the round begins with. */
    private static int stride(int[] order) {
        int round = order.length;
        int golden = (int) Math.round(round * 0.618_033_988_75);
        int fallback = 1;
        for (int away = 0; away < round; away++) {
            for (int stride : new int[] {golden - away, golden + away}) {
                if (stride > 0 && stride < round && gcd(stride, round) == 1) {
                    if (order[stride] != order[0]) {
                        return stride;
                    }
                    fallback = stride;
                }
            }
        }
        return fallback;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** How finely a part of weight is counted; remembered, because a division costs as much as the rest of a small pick. */
    private long scale(long total) {
        if (total != scaledTotal) {
            scaledTotal = total;
            scale = RESOLUTION / total;
        }
        return scale;
    }

    private int richest(PoolSnapshot snapshot, long total) {
        long scale = scale(total);
        long unit = total * scale;
        int best = -1;
        long bestCredit = 0;
        for (int i = 0; i < snapshot.size(); i++) {
            if (shares[i] == 0) {
                continue;
            }
            Turn turn = snapshot.member(i).turn;
            long credit = turn.creditIn(unit) + shares[i] * scale;
            boolean tie = best >= 0 && credit == bestCredit && shares[i] == shares[best];
            if (best < 0 || credit > bestCredit || (tie && turn.last - snapshot.member(best).turn.last < 0)) {
                best = i;
                bestCredit = credit;
            }
        }
        return best;
    }

    private long charge(PoolSnapshot snapshot, long total, int picked) {
        long scale = scale(total);
        for (int i = 0; i < snapshot.size(); i++) {
            if (shares[i] > 0) {
                snapshot.member(i).turn.credit += shares[i] * scale;
            }
        }
        Turn turn = snapshot.member(picked).turn;
        turn.credit -= total * scale;
        turn.last = sequence;
        return sequence++;
    }
}
