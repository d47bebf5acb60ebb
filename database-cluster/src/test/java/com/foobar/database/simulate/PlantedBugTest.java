package com.foobar.database.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulator is only worth what it finds: each bug planted in the world around the decisions must break a promise. */
class PlantedBugTest {

    @ParameterizedTest
    @CsvSource({
        "PROMOTES_BEFORE_DRAINED, 400, are not on",
        "FORGETS_SILENT_ACKERS, 600, are not on",
        "OVERLOOKS_RESTARTED_RECEIVERS, 600, are not on",
        "OBEYS_DEPOSED_COORDINATORS, 1000, deposed primary acknowledges",
        "TRUNCATES_EVERY_TAIL, 100, are not on",
        "DISMISSES_WITHOUT_WAITING, 400, are not on",
    })
    void isFound(Variation bug, int within, String how) {
        for (long seed = 1; seed <= within; seed++) {
            Schedule.Outcome outcome = Schedule.run(seed, bug, false);
            if (outcome.broken() != null && outcome.broken().contains(how)) {
                System.out.printf("%s found by seed %d: %s%n", bug, seed, outcome.broken());
                assertThat(Schedule.run(seed, bug, false).broken())
                        .as("the seed replays it")
                        .isEqualTo(outcome.broken());
                assertThat(Schedule.run(seed, Variation.NONE, false).broken())
                        .as("and without the bug the same seed is well")
                        .isNull();
                return;
            }
        }
        assertThat(within).as("%s was not found within so many schedules", bug).isZero();
    }
}
