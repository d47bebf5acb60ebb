package com.foobar.database.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulator is only worth what it finds: each bug planted in the world around the decisions must break a promise. */
class PlantedBugTest {
    /** A cluster that merely does not come to rest would not do. */
    private static final Pattern A_BROKEN_PROMISE =
            Pattern.compile("acknowledged writes .* are not on|deposed primary acknowledges");

    @ParameterizedTest
    @CsvSource({
        "PROMOTES_BEFORE_DRAINED, 400",
        "FORGETS_SILENT_ACKERS, 600",
        "OVERLOOKS_RESTARTED_RECEIVERS, 600",
        "OBEYS_DEPOSED_COORDINATORS, 1000",
        "TRUNCATES_EVERY_TAIL, 100",
        // The rarest: a node must wake in the very moment between its dismissal and the end of its lease.
        "DISMISSES_WITHOUT_WAITING, 2000",
    })
    void isFound(Variation bug, int within) {
        for (long seed = 1; seed <= within; seed++) {
            Schedule.Outcome outcome = Schedule.run(seed, bug, false);
            if (outcome.broken() != null
                    && A_BROKEN_PROMISE.matcher(outcome.broken()).find()) {
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
