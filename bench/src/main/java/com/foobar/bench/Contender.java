package com.foobar.bench;

import java.time.Duration;
import java.util.List;

/** A program, or several that work together: how to start it so that it does the same work as the others, and what to say about it. */
interface Contender {

    /** The row of the table, and the word on the command line. */
    String name();

    /** Version and everything that is on or off, one sentence each, for the reader of the results. */
    List<String> description();

    /** Whether it can do the work of this tier. */
    default boolean does(Scenario.Tier tier) {
        return tier == Scenario.Tier.BALANCER;
    }

    /** What it answers with 200 when it and everything behind it is ready. */
    default String readyPath() {
        return Backends.SMALL;
    }

    /** How long its machine code takes to settle under load; what is compiled ahead needs next to nothing. */
    Duration warmUp();

    /** Starts it on the bed and returns at once; see {@link Running#awaitReady}. */
    Running start(Bed bed);
}
