package com.foobar.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static Ack ack(String node, long start, long end) {
        return new Ack(start, node, start, end);
    }

    @Test
    void whatWasAcknowledgedAndIsNotThereIsLost() {
        List<Ack> acks = List.of(ack("", 1, 2), ack("", 3, 4), ack("", 5, 6));
        assertThat(Verdict.lost(acks, Set.of(1L, 3L, 5L, 9L))).isEmpty();
        assertThat(Verdict.lost(acks, Set.of(1L, 5L))).containsExactly(3L);
    }

    @Test
    void nodesThatTookTurnsAsTheyReignedAreInOrder() {
        List<Ack> acks = List.of(ack("db1", 10, 20), ack("db2", 40, 50), ack("db2", 60, 70), ack("db1", 80, 90));
        assertThat(Verdict.outOfTurn(acks, List.of("db1", "db2", "db1"))).isEmpty();
    }

    @Test
    void aReignTooShortToBeSampledIsNoContradiction() {
        assertThat(Verdict.outOfTurn(List.of(ack("db1", 10, 20), ack("db3", 40, 50)), List.of("db1", "db2", "db3")))
                .isEmpty();
    }

    @Test
    void aDeposedPrimaryThatAcknowledgesIsFound() {
        List<Ack> acks = List.of(ack("db1", 10, 20), ack("db2", 40, 50), ack("db1", 60, 70));
        assertThat(Verdict.outOfTurn(acks, List.of("db1", "db2")))
                .singleElement()
                .asString()
                .contains("db1 acknowledged write 60")
                .contains("after db2");
    }

    @Test
    void twoThatAcknowledgeAtOnceAreFound() {
        List<Ack> acks = List.of(ack("db1", 10, 20), ack("db2", 15, 25), ack("db1", 30, 40), ack("db2", 35, 45));
        assertThat(Verdict.outOfTurn(acks, List.of("db1", "db2"))).isNotEmpty();
        assertThat(Verdict.overlaps(acks)).isEqualTo(2);
    }

    @Test
    void anAnswerThatComesLateToWhatWasSentBeforeIsNoneOfTheDeposed() {
        List<Ack> acks = List.of(ack("db1", 10, 55), ack("db2", 40, 50));
        assertThat(Verdict.outOfTurn(acks, List.of("db1", "db2"))).isEmpty();
    }

    @Test
    void whoeverNeverReignedMayNotAcknowledge() {
        assertThat(Verdict.outOfTurn(List.of(ack("db3", 10, 20)), List.of("db1", "db2")))
                .hasSize(1);
    }

    @Test
    void theGapIsTheLongestSilenceThatEndsAfterTheFault() {
        List<Ack> acks =
                List.of(ack("", 0, 10), ack("", 0, 500), ack("", 0, 510), ack("", 600, 700), ack("", 700, 720));
        assertThat(Verdict.gap(acks, 505).length()).isEqualTo(Duration.ofNanos(190));
        assertThat(Verdict.gap(acks, 505)).isEqualTo(new Verdict.Gap(510, 700));
    }

    @Test
    void percentilesAreByNearestRank() {
        Figures figures = new Figures(List.of(Duration.ofMillis(3), Duration.ofMillis(1), Duration.ofMillis(2)));
        assertThat(List.of(figures.ms(0), figures.ms(50), figures.ms(95))).containsExactly("1", "2", "3");
        assertThat(new Figures(List.of()).ms(50)).isEqualTo("–");
    }
}
