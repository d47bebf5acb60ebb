package com.foobar.bench;

import java.time.Duration;
import java.util.Optional;

/** One run of one scenario against one contender. */
record Sample(double perSecond, double cpuSecondsPer100k, long residentBytes, Optional<Latency> latency) {

    private static final double HUNDRED_THOUSAND = 100_000;
    private static final double NANOS_PER_SECOND = 1e9;

    static Sample of(Outcome outcome, ProcessUsage before, ProcessUsage after) {
        Duration cpu = after.cpu().minus(before.cpu());
        return new Sample(
                outcome.perSecond(),
                cpu.toNanos() / NANOS_PER_SECOND * HUNDRED_THOUSAND / outcome.requests(),
                after.residentBytes(),
                outcome.latency());
    }
}
