package com.foobar.database.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Seeded schedules of crash, hang, pause, partition, delay, loss, duplicate and stale answer around the real decisions. A failure
 * prints its seed; {@code -Dfoobar.seed=N} replays it with every turn of every coordinator. {@code -Dfoobar.schedules=10000} is
 * the whole set.
 */
class SimulatorTest {
    private static final int SCHEDULES = Integer.getInteger("foobar.schedules", 2_000);

    @Test
    void noScheduleBreaksAPromise() {
        Long one = Long.getLong("foobar.seed");
        if (one != null) {
            Schedule.Outcome outcome = Schedule.run(one, Variation.NONE, true);
            outcome.trace().forEach(System.out::println);
            assertThat(outcome.broken()).as("seed %d", one).isNull();
            return;
        }
        long began = System.nanoTime();
        List<Schedule.Outcome> outcomes = LongStream.rangeClosed(1, SCHEDULES)
                .parallel()
                .mapToObj(seed -> Schedule.run(seed, Variation.NONE, false))
                .toList();
        System.out.printf(
                "%d schedules in %d ms: %d acknowledged writes, %d crowns, recovery p50 %d ms, worst %d ms%n",
                SCHEDULES,
                (System.nanoTime() - began) / 1_000_000,
                outcomes.stream().mapToInt(Schedule.Outcome::acknowledged).sum(),
                outcomes.stream().mapToInt(Schedule.Outcome::crowns).sum(),
                outcomes.stream()
                        .mapToLong(Schedule.Outcome::recoveredIn)
                        .sorted()
                        .skip(SCHEDULES / 2)
                        .findFirst()
                        .orElse(0),
                outcomes.stream().mapToLong(Schedule.Outcome::recoveredIn).max().orElse(0));
        System.out.printf(
                "answers that came late from a deposed primary, all held by the new one: %d demoted, %d thawed%n",
                outcomes.stream().mapToInt(Schedule.Outcome::lateFromDemoted).sum(),
                outcomes.stream().mapToInt(Schedule.Outcome::lateFromThawed).sum());
        List<Schedule.Outcome> broken =
                outcomes.stream().filter(outcome -> outcome.broken() != null).toList();
        assertThat(broken)
                .as("replay with -Dfoobar.seed=<seed> -Dtest=SimulatorTest; broken: %d", broken.size())
                .extracting(outcome -> "seed " + outcome.seed() + ": " + outcome.broken())
                .isEmpty();
        assertThat(outcomes.stream().mapToInt(Schedule.Outcome::crowns).sum())
                .as("a simulation without failovers proves nothing")
                .isGreaterThan(SCHEDULES * 2);
    }
}
