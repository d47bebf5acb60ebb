package com.foobar.database.simulate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One seed: faults for a while, then calm, then all must be whole again. */
final class Schedule {
    private static final long FOUNDING = 3_000;
    private static final long FAULTS = 5_000;
    private static final long RECOVERY = 20_000;

    /** How it went; {@code broken} is null when every promise held. */
    record Outcome(
            long seed,
            @Nullable String broken,
            int acknowledged,
            int crowns,
            int lateFromDemoted,
            int lateFromThawed,
            long recoveredIn,
            List<String> trace) {}

    private Schedule() {}

    static Outcome run(long seed, Variation variation, boolean tracing) {
        World world = new World(seed, variation, tracing);
        try {
            long recovered = play(world);
            String stuck = recovered < 0
                    ? "not whole " + RECOVERY + " ms after the last fault: "
                            + world.quorum().record()
                    : null;
            return outcome(world, seed, stuck, recovered);
        } catch (Invariants.Broken broken) {
            return outcome(world, seed, "at " + world.now() + " ms: " + broken.getMessage(), -1);
        }
    }

    private static Outcome outcome(World world, long seed, @Nullable String broken, long recovered) {
        return new Outcome(
                seed,
                broken,
                world.invariants().acknowledgedCount(),
                world.invariants().crowns(),
                world.invariants().lateFromDemoted(),
                world.invariants().lateFromThawed(),
                recovered,
                world.trace());
    }

    private static long play(World world) {
        while (!world.isWhole() && world.now() < FOUNDING) {
            world.step();
        }
        long end = world.now() + FAULTS;
        Faults faults = new Faults(world);
        while (world.now() < end) {
            faults.tick();
            world.step();
        }
        world.calm();
        long calmed = world.now();
        while (world.now() - calmed < RECOVERY) {
            world.step();
            if (world.diagnosedHealthy()) {
                world.stopWriting();
                if (world.isWhole()) {
                    return world.now() - calmed;
                }
            }
        }
        return -1;
    }
}
