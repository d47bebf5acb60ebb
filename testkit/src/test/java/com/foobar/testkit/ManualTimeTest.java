package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ManualTimeTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final List<String> ran = new ArrayList<>();

    @Test
    void standsStillUntilAdvancedAndThenBothClocksMoveTogether() {
        Instant wall = time.instant();
        long nanos = time.nanos();
        assertThat(time.nanos()).isEqualTo(nanos);
        time.advance(Duration.ofMinutes(3));
        assertThat(Duration.ofNanos(time.nanos() - nanos)).isEqualTo(Duration.ofMinutes(3));
        assertThat(time.instant()).isEqualTo(wall.plus(Duration.ofMinutes(3)));
    }

    @Test
    void runsWhatIsDueInOrderEachAtItsOwnTimeInTheCallingThread() {
        long origin = time.nanos();
        List<Long> at = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int seconds : new int[] {3, 1, 7, 2, 1}) {
            time.after(Duration.ofSeconds(seconds), () -> {
                at.add(Duration.ofNanos(time.nanos() - origin).toSeconds());
                threads.add(Thread.currentThread());
            });
        }
        time.advance(Duration.ofMillis(999));
        assertThat(at).isEmpty();
        time.advance(Duration.ofSeconds(5));
        assertThat(at).containsExactly(1L, 1L, 2L, 3L);
        assertThat(threads).containsOnly(Thread.currentThread());
        assertThat(time.waiting()).isEqualTo(1);
    }

    @Test
    void tasksOfOneInstantRunAsTheyWereGiven() {
        time.after(SECOND, () -> ran.add("first"));
        time.after(SECOND, () -> ran.add("second"));
        time.advance(SECOND);
        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void countsARepetitionFromTheEndOfTheRunBefore() {
        time.every(SECOND, () -> {
            ran.add("tick");
            time.advance(Duration.ofMillis(500));
        });
        time.advance(Duration.ofSeconds(3));
        assertThat(ran).hasSize(2);
    }

    @Test
    void aTaskMayScheduleAnotherThatIsDueInTheSameAdvance() {
        time.after(SECOND, () -> time.after(SECOND, () -> ran.add("inner")));
        time.advance(Duration.ofSeconds(2));
        assertThat(ran).containsExactly("inner");
    }

    @Test
    void cancelTakesBackATaskAndARepetitionEvenFromWithinItself() {
        time.after(SECOND, () -> ran.add("never")).cancel();
        List<Time.Timeout> self = new ArrayList<>();
        self.add(time.every(SECOND, () -> {
            ran.add("once");
            self.get(0).cancel();
        }));
        time.advance(Duration.ofSeconds(5));
        assertThat(ran).containsExactly("once");
        assertThat(time.waiting()).isZero();
    }

    @Test
    void aTaskThatThrowsStopsNothingButComesOutAtTheEnd() {
        IllegalStateException thrown = new IllegalStateException("on purpose");
        AtomicInteger runs = new AtomicInteger();
        time.every(SECOND, () -> {
            runs.incrementAndGet();
            throw thrown;
        });
        time.after(Duration.ofSeconds(2), () -> ran.add("other"));
        long before = time.nanos();
        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(3))).isSameAs(thrown);
        assertThat(runs).hasValue(3);
        assertThat(ran).containsExactly("other");
        assertThat(time.nanos() - before).isEqualTo(Duration.ofSeconds(3).toNanos());
    }

    @Test
    void aJumpOfTheWallClockMakesNothingDue() {
        time.after(SECOND, () -> ran.add("due"));
        long nanos = time.nanos();
        Instant wall = time.instant();
        time.jumpWallClock(Duration.ofHours(-2));
        assertThat(time.instant()).isEqualTo(wall.minus(Duration.ofHours(2)));
        assertThat(time.nanos()).isEqualTo(nanos);
        assertThat(ran).isEmpty();
    }

    @Test
    void overflowsSoonSoThatComparingNanosAbsolutelyIsFoundOut() {
        long before = time.nanos();
        time.after(Duration.ofSeconds(9), () -> ran.add("beyond the overflow"));
        time.after(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("never"));
        time.advance(Duration.ofSeconds(10));
        assertThat(time.nanos()).isLessThan(before);
        assertThat(time.nanos() - before).isEqualTo(Duration.ofSeconds(10).toNanos());
        assertThat(ran).containsExactly("beyond the overflow");
    }

    @Test
    void neitherLosesNorDoublesATaskWhenThreadsScheduleAndAdvanceAtOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        for (int thread = 0; thread < 4; thread++) {
            new Thread(() -> {
                        for (int n = 0; n < 500; n++) {
                            time.after(Duration.ofMillis(n % 7), runs::incrementAndGet);
                            time.advance(Duration.ofMillis(1));
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        time.advance(SECOND);
        assertThat(runs).hasValue(2_000);
    }

    @Test
    void refusesToGoBack() {
        assertThatThrownBy(() -> time.advance(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> time.every(Duration.ZERO, () -> {})).isInstanceOf(IllegalArgumentException.class);
    }
}
