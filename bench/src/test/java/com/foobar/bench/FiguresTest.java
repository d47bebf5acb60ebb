package com.foobar.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** From ticks and nanoseconds to the figures of the table. */
class FiguresTest {

    private static final String STATUS = "Name:\tx\nVmHWM:\t    9000 kB\nVmRSS:\t    2048 kB\nThreads:\t3\n";

    @Test
    void aProcessNameWithBracketsAndSpacesDoesNotShiftTheFields() {
        String stat = "42 (a) R (b c) S 1 42 42 0 -1 4194560 100 200 0 0 150 50 7 9 20 0 3 0 12345 1 2 3";

        ProcessUsage usage = ProcessUsage.parse(stat, STATUS);

        assertThat(usage.cpu()).isEqualTo(Duration.ofSeconds(2));
        assertThat(usage.residentBytes()).isEqualTo(2L * 1024 * 1024);
    }

    @Test
    void ownProcessIsMeasured() {
        ProcessUsage usage = ProcessUsage.ofTree(ProcessHandle.current().pid());

        assertThat(usage.cpu()).isPositive();
        assertThat(usage.residentBytes()).isGreaterThan(10L * 1024 * 1024);
    }

    @Test
    void cpuSecondsBelongToTheCountedRequests() {
        Sample sample = Sample.of(
                new Outcome(50_000, 10_000, Optional.empty()),
                new ProcessUsage(Duration.ofSeconds(3), 1),
                new ProcessUsage(Duration.ofSeconds(4), 2));

        assertThat(sample.cpuSecondsPer100k()).isEqualTo(2.0, within(1e-9));
        assertThat(sample.residentBytes()).isEqualTo(2);
    }

    @Test
    void theMedianOfTheRounds() {
        assertThat(Figure.of(3, 1, 2)).isEqualTo(new Figure(2, 1, 3));
        assertThat(Figure.of(4, 1, 2, 3)).isEqualTo(new Figure(2.5, 1, 4));
        assertThat(Figure.of(7)).isEqualTo(new Figure(7, 7, 7));
    }

    @Test
    void quantiles() {
        long[] thousand = LongStream.rangeClosed(1, 1000).map(i -> 1001 - i).toArray();

        Latency latency = Latency.of(thousand, new long[0]);

        assertThat(latency.p50()).isEqualTo(Duration.ofNanos(500));
        assertThat(latency.p99()).isEqualTo(Duration.ofNanos(990));
        assertThat(latency.p999()).isEqualTo(Duration.ofNanos(999));
        assertThat(latency.generator()).isZero();
    }
}
