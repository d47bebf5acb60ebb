package com.foobar.kernel.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemTimeTest {

    private final SystemTime time = new SystemTime("clock");

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void runsATaskOnceAndNotBeforeItsTimeOnADaemonThreadNamedAfterItsOwner() throws Exception {
        long began = time.nanos();
        CompletableFuture<Long> ran = new CompletableFuture<>();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        time.after(Duration.ofMillis(30), () -> {
            thread.complete(Thread.currentThread());
            ran.complete(time.nanos());
        });
        assertThat(ran.get(5, TimeUnit.SECONDS) - began)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
        assertThat(thread.get(5, TimeUnit.SECONDS).getName()).isEqualTo("clock-timer-1");
        assertThat(thread.get(5, TimeUnit.SECONDS).isDaemon()).isTrue();
    }

    @Test
    void aTaskThatThrowsKillsNeitherTheTimerNorItsOwnRepetition() throws Exception {
        CountDownLatch repeated = new CountDownLatch(3);
        time.every(Duration.ofMillis(1), () -> {
            repeated.countDown();
            throw new AssertionError("thrown on purpose by the test: an Error, which is worse than an exception");
        });
        assertThat(repeated.await(5, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<String> other = new CompletableFuture<>();
        time.after(Duration.ZERO, () -> other.complete("ran"));
        assertThat(other.get(5, TimeUnit.SECONDS)).isEqualTo("ran");
    }

    @Test
    void aCancelledTaskDoesNotRunAndARepeatedOneMayCancelItself() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        // Long enough that a busy machine does not pause this thread for as long between the two calls.
        time.after(Duration.ofMillis(400), runs::incrementAndGet).cancel();
        CompletableFuture<Time.Timeout> self = new CompletableFuture<>();
        AtomicInteger repeats = new AtomicInteger();
        self.complete(time.every(Duration.ofMillis(5), () -> {
            repeats.incrementAndGet();
            self.join().cancel();
        }));
        CountDownLatch later = new CountDownLatch(1);
        time.after(Duration.ofMillis(450), later::countDown);
        assertThat(later.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(0);
        assertThat(repeats).hasValue(1);
    }

    @Test
    void anEnormousDelayMeansNeverAndANegativeOneMeansAtOnce() throws Exception {
        AtomicInteger never = new AtomicInteger();
        time.after(Duration.ofSeconds(Long.MAX_VALUE), never::incrementAndGet);
        CountDownLatch atOnce = new CountDownLatch(1);
        time.after(Duration.ofSeconds(-1), atOnce::countDown);
        assertThat(atOnce.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(never).hasValue(0);
    }

    @Test
    void refusesARepetitionWithoutDelayAndAnythingAfterClose() {
        assertThatThrownBy(() -> time.every(Duration.ZERO, () -> {})).isInstanceOf(IllegalArgumentException.class);
        time.close();
        time.close();
        assertThatThrownBy(() -> time.after(Duration.ZERO, () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void mayBeClosedByItsOwnTaskWithoutWaitingForItself() throws Exception {
        CompletableFuture<Long> took = new CompletableFuture<>();
        time.after(Duration.ZERO, () -> {
            long began = System.nanoTime();
            time.close();
            took.complete(System.nanoTime() - began);
        });
        assertThat(Duration.ofNanos(took.get(5, TimeUnit.SECONDS))).isLessThan(Duration.ofSeconds(1));
    }
}
