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
    record Candidate(String name, Optional<Duration> lag, boolean serves, boolean setAside) {

        private boolean isFit(Duration limit) {
            return serves
                    && !setAside
                    && lag.filter(behind -> behind.compareTo(limit) <= 0).isPresent();
        }
    }

    private ReplicaOrder() {}

    /**
     * Least behind first; those alike take turns.
     *
     * @param turn a number that grows from one call to the next
     */
    static List<String> rank(List<Candidate> candidates, Duration limit, long turn) {
        List<Candidate> fit = new ArrayList<>(candidates);
        fit.removeIf(candidate -> !candidate.isFit(limit));
        if (fit.size() > 1) {
            Collections.rotate(fit, -Math.floorMod(turn, fit.size()));
            // Stable, so that the turn decides among those alike.
            fit.sort(Comparator.comparingLong(
                    candidate -> candidate.lag().orElse(limit).toMillis() / SAME.toMillis()));
        }
        List<String> names = new ArrayList<>();
        for (Candidate candidate : fit) {
            names.add(candidate.name());
        }
        return names;
    }
}
