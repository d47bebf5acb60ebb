package com.foobar.appserver.data;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** PURE: which replicas may be read from, the best first. */
final class ReplicaOrder {

    /** Less than this apart is no difference: the figures are as old as the document. */
    private static final Duration SAME = Duration.ofMillis(100);

    /** A replica as it is known. */
    record Candidate(String name, Optional<Duration> lag, boolean serves, boolean setAside) {}

    private ReplicaOrder() {}

    /**
     * Least behind first; those alike take turns.
     *
     * @param turn a number that grows from one call to the next
     */
    static List<String> rank(List<Candidate> candidates, Duration limit, long turn) {
        List<Candidate> fit = new ArrayList<>(candidates.stream()
                .filter(candidate -> candidate.serves()
                        && !candidate.setAside()
                        && candidate
                                .lag()
                                .filter(lag -> lag.compareTo(limit) <= 0)
                                .isPresent())
                .toList());
        if (!fit.isEmpty()) {
            Collections.rotate(fit, -Math.floorMod(turn, fit.size()));
        }
        // Stable, so that the turn decides among those alike.
        fit.sort(Comparator.comparingLong(
                candidate -> candidate.lag().orElse(limit).toMillis() / SAME.toMillis()));
        return fit.stream().map(Candidate::name).toList();
    }
}
