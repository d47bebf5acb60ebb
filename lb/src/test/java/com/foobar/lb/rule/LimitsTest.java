package com.foobar.lb.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    private static final int THREADS = 8;
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MAX_VALUE - 3, Long.MIN_VALUE, Long.MIN_VALUE + 1})
    void a_burst_then_the_rate_wherever_the_clock_stands(long start) {
        AddressRate rate = new AddressRate(Rate.parse("10/s"), 3);
        InetAddress client = address("1.2.3.4");
        for (int i = 0; i < 3; i++) {
            assertThat(rate.admits(client, start)).isTrue();
        }
        assertThat(rate.admits(client, start)).isFalse();
        assertThat(rate.retryAfter(client, start)).isEqualTo(Duration.ofMillis(100));
        assertThat(rate.admits(client, start + SECOND / 10 - 1)).isFalse();
        assertThat(rate.admits(client, start + SECOND / 10)).isTrue();
        assertThat(rate.admits(client, start + SECOND / 10)).isFalse();
        assertThat(rate.retryAfter(address("1.2.3.5"), start)).isZero();
        assertThat(admitted(rate, client, start + 60 * SECOND, 10)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4,1.2.3.4,true",
        "1.2.3.4,1.2.3.5,false",
        "2001:db8::1,2001:db8::ffff:1,true",
        "2001:db8:0:1::1,2001:db8:0:2::1,false",
        "::ffff:1.2.3.4,1.2.3.4,true",
        "::1,0.0.0.0,false"
    })
    void who_shares_a_bucket(String one, String other, boolean shared) {
        AddressRate rate = new AddressRate(Rate.parse("1/h"), 1);
        assertThat(rate.admits(address(one), 0)).isTrue();
        assertThat(rate.admits(address(other), 0)).isEqualTo(!shared);
    }

    @Test
    void eight_threads_never_get_more_than_burst_and_rate() {
        AddressRate rate = new AddressRate(Rate.parse("1000/s"), 50);
        AtomicLong clock = new AtomicLong();
        InetAddress client = address("1.2.3.4");
        long step = 5_000;
        int rounds = 100_000;
        int admitted = together(() -> {
            int mine = 0;
            for (int i = 0; i < rounds; i++) {
                mine += rate.admits(client, clock.addAndGet(step)) ? 1 : 0;
            }
            return mine;
        });
        long seconds = step * rounds * THREADS / SECOND;
        // More were asked for than could be had, so that the bound is met and not only kept.
        assertThat(admitted).isBetween((int) (1000 * seconds), (int) (50 + 1000 * seconds));
    }

    @Test
    void a_full_table_shares_one_bucket_and_idle_addresses_make_room() {
        AddressRate rate = new AddressRate(Rate.parse("1/s"), 2, 100);
        int fresh = 0;
        for (int i = 0; i < 1_000; i++) {
            fresh += rate.admits(numbered(i), 0) ? 1 : 0;
        }
        assertThat(fresh).isEqualTo(100 + 2);
        assertThat(rate.size()).isEqualTo(100);
        assertThat(rate.retryAfter(numbered(5_000), 0)).isEqualTo(Duration.ofSeconds(1));
        // Those who were in before are not touched by the crowd.
        assertThat(rate.admits(numbered(7), 0)).isTrue();
        assertThat(admittedOf(rate, 10_000, 500, 10 * SECOND)).isGreaterThanOrEqualTo(100);
        assertThat(rate.size()).isLessThanOrEqualTo(100);
        long later = 10 * SECOND;
        for (int i = 0; i < 2_000; i++) {
            later += SECOND;
            assertThat(rate.admits(numbered(20_000 + i), later)).isTrue();
        }
    }

    @Test
    void eight_threads_with_addresses_coming_and_going_stay_bounded_and_exact() {
        AddressRate rate = new AddressRate(Rate.parse("1/s"), 1, 64);
        AtomicLong clock = new AtomicLong();
        InetAddress watched = address("9.9.9.9");
        int rounds = 40_000;
        long step = SECOND / 1_000;
        assertThat(rate.admits(watched, 0)).isTrue();
        int admitted = together(() -> {
            int mine = 0;
            for (int i = 0; i < rounds; i++) {
                long now = clock.addAndGet(step);
                rate.admits(numbered((int) (now / step)), now);
                mine += rate.admits(watched, now) ? 1 : 0;
            }
            return mine;
        });
        long seconds = step * rounds * THREADS / SECOND;
        // It asked first and never rests, so it keeps its place while all others come and go.
        assertThat(admitted).isBetween((int) seconds - 1, (int) seconds);
        // At rest: a concurrent map adds up its size part by part, so what it says meanwhile may be more than it ever
        // held.
        assertThat(rate.size()).isLessThanOrEqualTo(64);
        // No place was lost on the way, and none was made.
        long later = clock.get() + 10 * SECOND;
        for (int i = 0; i < 1_000; i++) {
            rate.admits(numbered(1_000_000 + i), later);
        }
        assertThat(rate.size()).isEqualTo(64);
    }

    @Test
    void eight_threads_are_never_more_than_allowed_inside() {
        Concurrency three = new Concurrency(3);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int entered = together(() -> {
            int mine = 0;
            for (int i = 0; i < 50_000; i++) {
                if (three.tryEnter()) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    mine++;
                    Thread.onSpinWait();
                    inside.decrementAndGet();
                    three.leave();
                }
            }
            return mine;
        });
        assertThat(entered).isPositive();
        assertThat(most.get()).isBetween(1, 3);
        assertThat(three.inside()).isZero();
    }

    @Test
    void concurrency_is_exact_and_never_negative() {
        Concurrency two = new Concurrency(2);
        assertThat(List.of(two.tryEnter(), two.tryEnter(), two.tryEnter())).containsExactly(true, true, false);
        two.leave();
        assertThat(two.tryEnter()).isTrue();
        two.leave();
        two.leave();
        assertThatIllegalStateException().isThrownBy(two::leave);
        assertThat(two.inside()).isZero();
        Concurrency off = new Concurrency(0);
        assertThat(off.tryEnter()).isTrue();
        off.leave();
        off.leave();
        assertThat(off.inside()).isZero();
    }

    private static int admitted(AddressRate rate, InetAddress client, long now, int tries) {
        int admitted = 0;
        for (int i = 0; i < tries; i++) {
            admitted += rate.admits(client, now) ? 1 : 0;
        }
        return admitted;
    }

    private static int admittedOf(AddressRate rate, int from, int count, long now) {
        int admitted = 0;
        for (int i = from; i < from + count; i++) {
            admitted += rate.admits(numbered(i), now) ? 1 : 0;
        }
        return admitted;
    }

    private static int together(Callable<Integer> work) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    return work.call();
                }));
            }
            int sum = 0;
            for (Future<Integer> one : all) {
                sum += one.get(60, TimeUnit.SECONDS);
            }
            return sum;
        } catch (Exception failed) {
            throw new AssertionError(failed);
        } finally {
            threads.shutdownNow();
        }
    }

    private static InetAddress numbered(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
