package com.foobar.bench.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One round and what came of it.
 *
 * @param note what was done
 * @param after the primary when the cluster was whole again, empty when it was not
 * @param gap the longest time without an acknowledgement
 * @param whole how long the cluster took, from the fault or its end, until all nodes were in their places
 * @param parts where the time went, empty where no failover was seen whole
 * @param writes acknowledged to writers in this round
 * @param canaries acknowledged to the sampler in this round
 * @param unknown writes of this round whose outcome the writers were not told
 * @param failed writes of this round that were refused
 * @param load of the machine over the last minute, by the kernel
 * @param overlaps sampled writes of two nodes that were under way at once
 * @param violations of what must never happen
 */
record Round(
        Fault fault,
        int number,
        long seed,
        String primary,
        String note,
        String after,
        Duration gap,
        Duration whole,
        Map<String, Duration> parts,
        int writes,
        int canaries,
        int unknown,
        long failed,
        double load,
        int overlaps,
        List<String> violations) {

    boolean isGood() {
        return violations.isEmpty();
    }

    String line() {
        return fault.word() + " " + number + " (seed " + seed + "): " + note + "; " + primary + " → "
                + (after.isEmpty() ? "nobody" : after) + ", gap " + gap.toMillis() + " ms, whole after "
                + whole.toMillis() + " ms, " + writes + " writes, " + unknown + " unknown, " + failed + " failed, load "
                + Math.round(load)
                + (violations.isEmpty() ? "" : "\n  !!! " + String.join("\n  !!! ", violations));
    }
}
