package com.foobar.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagesTest {
    private static final Instant FAULT = Instant.parse("2026-11-21T12:00:00Z");

    private static String stage(long millis, String stage) {
        return "{\"ts\":\"" + FAULT.plusMillis(millis) + "\",\"message\":\"m\",\"fields\":{\"stage\":\"" + stage
                + "\"}}";
    }

    private static String healthy(long millis) {
        return "{\"ts\":\"" + FAULT.plusMillis(millis) + "\",\"message\":\"m\",\"fields\":{\"diagnosis\":\"HEALTHY\"}}";
    }

    private static String record(long millis, long epoch, String primary) {
        return "{\"ts\":\"" + FAULT.plusMillis(millis) + "\",\"message\":\"m\",\"fields\":{\"version\":7,\"epoch\":"
                + epoch + ",\"primary\":\"" + primary + "\"}}";
    }

    @Test
    void theTimeGoesIntoTheStagesInTheirOrder() {
        Stages stages = Stages.of(List.of(
                healthy(-500),
                stage(40, "CLAIM"),
                stage(50, "FENCE"),
                stage(80, "STOP_RECEIVERS"),
                stage(90, "PROMOTE"),
                stage(130, "REPOINT"),
                healthy(180)));
        assertThat(stages.parts(FAULT, FAULT.plusMillis(185)))
                .containsEntry("detect", Duration.ofMillis(40))
                .containsEntry("claim", Duration.ofMillis(10))
                .containsEntry("fence", Duration.ofMillis(30))
                .containsEntry("stop", Duration.ofMillis(10))
                .containsEntry("promote", Duration.ofMillis(40))
                .containsEntry("repoint", Duration.ofMillis(50))
                .containsEntry("swap", Duration.ofMillis(5));
    }

    @Test
    void theFirstWriteBeforeTheNextLookEndsTheTimeAndNotTheLook() {
        Stages stages = Stages.of(List.of(stage(40, "CLAIM"), stage(130, "REPOINT"), healthy(180)));
        assertThat(stages.parts(FAULT, FAULT.plusMillis(150)))
                .containsEntry("repoint", Duration.ofMillis(20))
                .containsEntry("swap", Duration.ZERO);
    }

    @Test
    void aFailoverThatWasNotSeenWholeGivesNoFigures() {
        Stages stages = Stages.of(List.of(stage(40, "CLAIM"), stage(50, "FENCE")));
        assertThat(stages.parts(FAULT, FAULT.plusMillis(185))).isEmpty();
        assertThat(stages.reached(FAULT, FAULT.plusMillis(60))).isEqualTo("FENCE");
        assertThat(stages.reached(FAULT, FAULT.plusMillis(30))).isEmpty();
    }

    @Test
    void halfALineIsPassedOver() {
        assertThat(Stages.of(List.of("{\"ts\":\"2026-11-21T12:00:00Z\",\"fields\":{\"sta"))
                        .reigns())
                .isEmpty();
    }

    @Test
    void whoIsNamedWhileAnEpochIsClaimedDoesNotReignInIt() {
        Stages stages = Stages.of(List.of(
                record(0, 1, "db1"),
                record(10, 2, "db1"),
                record(20, 2, "db2"),
                record(30, 2, "db2"),
                record(90, 3, "db1")));
        assertThat(stages.reigns()).containsExactly("db1", "db2", "db1");
        assertThat(stages.reignsBefore(FAULT.plusMillis(50))).isEqualTo(2);
    }
}
