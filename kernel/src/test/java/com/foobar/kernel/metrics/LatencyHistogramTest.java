package com.foobar.kernel.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {

    @Test
    void everyValueFallsIntoTheBucketItBelongsTo() {
        for (int bucket = 0; bucket < LatencyBuckets.count() - 1; bucket++) {
            assertThat(LatencyBuckets.of(LatencyBuckets.upper(bucket))).isEqualTo(bucket);
            assertThat(LatencyBuckets.of(LatencyBuckets.upper(bucket) + 1)).isEqualTo(bucket + 1);
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong() >>> (1 + random.nextInt(62));
            int bucket = LatencyBuckets.of(nanos);
            assertThat(nanos).as("seed %d", seed).isLessThanOrEqualTo(LatencyBuckets.upper(bucket));
            if (bucket > 0) {
                assertThat(nanos).as("seed %d", seed).isGreaterThan(LatencyBuckets.upper(bucket - 1));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 1023, 1024, 68_719_476_735L, 68_719_476_736L, Long.MAX_VALUE})
    void theEndsOfTheScaleHold(long nanos) {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(nanos);
        assertThat(histogram.snapshot().count()).isOne();
        assertThat(histogram.snapshot().quantile(1)).isLessThan(Duration.ofSeconds(70));
        assertThat(histogram.snapshot().sum()).isEqualTo(Duration.ofNanos(Math.max(0, nanos)));
    }

    @Test
    void quantilesAreNeverTooLowAndAtMostAnEighthTooHigh() {
        LatencyHistogram histogram = new LatencyHistogram();
        for (int millis = 1; millis <= 1000; millis++) {
            histogram.record(Duration.ofMillis(millis));
        }
        LatencySnapshot snapshot = histogram.snapshot();
        assertThat(snapshot.quantile(0.5)).isBetween(Duration.ofMillis(500), Duration.ofMillis(563));
        assertThat(snapshot.quantile(0.99)).isBetween(Duration.ofMillis(990), Duration.ofMillis(1114));
        assertThat(snapshot.quantile(0)).isBetween(Duration.ofMillis(1), Duration.ofNanos(1_125_000));
        assertThat(new LatencyHistogram().snapshot().quantile(0.5)).isZero();
    }

    @Test
    void theDifferenceOfTwoSnapshotsIsTheTimeBetween() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(Duration.ofSeconds(5));
        LatencySnapshot earlier = histogram.snapshot();
        histogram.record(Duration.ofMillis(1));
        LatencySnapshot lately = histogram.snapshot().since(earlier);
        assertThat(lately.count()).isOne();
        assertThat(lately.sum()).isEqualTo(Duration.ofMillis(1));
        assertThat(lately.quantile(0.99)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void noCountIsLostWhenManyThreadsRecordAtOnceAndAReaderNeverSeesItGoBack() throws Exception {
        int writers = 8;
        int each = 100_000;
        LatencyHistogram histogram = new LatencyHistogram();
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<?>> running = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            int offset = writer;
            running.add(threads.submit(() -> {
                begin.await();
                for (int i = 0; i < each; i++) {
                    histogram.record((i + offset) % 1_000L * 1_000);
                }
                return null;
            }));
        }
        begin.countDown();
        long last = 0;
        while (!running.stream().allMatch(Future::isDone)) {
            long now = histogram.snapshot().count();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
        for (Future<?> writer : running) {
            writer.get(10, TimeUnit.SECONDS);
        }
        threads.shutdownNow();
        assertThat(histogram.snapshot().count()).isEqualTo((long) writers * each);
        assertThat(histogram.snapshot().sum())
                .isEqualTo(Duration.ofNanos((long) writers * each / 1000 * (999L * 1000 / 2) * 1000));
    }
}
