package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.data.ReplicaOrder.Candidate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaOrderTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static Candidate at(String name, long lagMillis) {
        return new Candidate(name, Optional.of(Duration.ofMillis(lagMillis)), true, false);
    }

    @Test
    void leastBehindFirst() {
        assertThat(ReplicaOrder.rank(List.of(at("a", 5_000), at("b", 0), at("c", 900)), LIMIT, 7))
                .containsExactly("b", "c", "a");
    }

    @Test
    void thoseAlikeTakeTurns() {
        List<Candidate> alike = List.of(at("a", 12), at("b", 40), at("c", 0));
        assertThat(List.of(
                        ReplicaOrder.rank(alike, LIMIT, 0).get(0),
                        ReplicaOrder.rank(alike, LIMIT, 1).get(0),
                        ReplicaOrder.rank(alike, LIMIT, 2).get(0),
                        ReplicaOrder.rank(alike, LIMIT, 3).get(0)))
                .containsExactly("a", "b", "c", "a");
    }

    @Test
    void theUnfitAreLeftOut() {
        assertThat(ReplicaOrder.rank(
                        List.of(
                                at("late", 10_001),
                                new Candidate("unknown", Optional.empty(), true, false),
                                new Candidate("out", Optional.of(Duration.ZERO), false, false),
                                new Candidate("failed", Optional.of(Duration.ZERO), true, true)),
                        LIMIT,
                        0))
                .isEmpty();
        assertThat(ReplicaOrder.rank(List.of(), LIMIT, 3)).isEmpty();
    }
}
