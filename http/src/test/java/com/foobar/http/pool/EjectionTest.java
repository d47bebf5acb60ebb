package com.foobar.http.pool;

import static com.foobar.http.pool.Pools.backend;
import static com.foobar.http.pool.Pools.order;
import static com.foobar.http.pool.Pools.servers;
import static com.foobar.http.pool.Pools.up;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.pool.Balance.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EjectionTest {
    private static final long SECOND = 1_000_000_000L;

    private static Pool pool(int maxPercent, int panicPercent, String... names) {
        Ejection.Rules rules =
                new Ejection.Rules(3, Duration.ofSeconds(1), Duration.ofSeconds(10), maxPercent, panicPercent);
        return up(new Pool("test", 0), Balance.of(Kind.ROUNDROBIN).withEjection(rules), servers(names));
    }

    private static boolean fail(Pool pool, String name, int times, long now) {
        boolean ejected = false;
        for (int i = 0; i < times; i++) {
            ejected |= pool.report(backend(pool, name), false, now);
        }
        return ejected;
    }

    @Test
    void onlyFailuresInARowEject() {
        Pool pool = pool(50, 0, "a", "b", "c");
        assertThat(fail(pool, "a", 2, 0)).isFalse();
        pool.report(backend(pool, "a"), true, 0);
        assertThat(fail(pool, "a", 2, 0)).isFalse();
        assertThat(fail(pool, "a", 1, 0)).isTrue();
        assertThat(order(pool, 4)).doesNotContain("a");
        assertThat(backend(pool, "a").verdict(true, 0))
                .as("a passing check does not end it")
                .isFalse();
        assertThat(order(pool, 4)).doesNotContain("a");
        assertThat(backend(pool, "a").load().ejections()).isEqualTo(1);
    }

    @Test
    void repeatedEjectionsLastLongerUntilThereIsCalm() {
        Pool pool = pool(50, 0, "a", "b");
        long now = -5 * SECOND; // monotonic time may well be negative
        List<Long> lengths = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            assertThat(fail(pool, "a", 3, now)).isTrue();
            long from = now;
            while (pool.readmit(now).isEmpty()) {
                now += SECOND / 2;
            }
            lengths.add((now - from) / SECOND);
        }
        assertThat(lengths).containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
        now += 10 * SECOND;
        assertThat(fail(pool, "a", 3, now)).isTrue();
        assertThat(pool.readmit(now + SECOND)).hasSize(1);
    }

    @Test
    void failuresThatArriveLateDoNotEjectAgainAfterTheReturn() {
        Pool pool = pool(50, 0, "a", "b");
        fail(pool, "a", 9, 0);
        assertThat(pool.readmit(SECOND)).hasSize(1);
        assertThat(fail(pool, "a", 2, SECOND)).isFalse();
        assertThat(fail(pool, "a", 1, SECOND)).isTrue();
    }

    @Test
    void noMoreThanTheShareIsEjected() {
        Pool pool = pool(50, 0, "a", "b", "c", "d", "e");
        assertThat(fail(pool, "a", 3, 0)).isTrue();
        assertThat(fail(pool, "b", 3, 0)).isTrue();
        assertThat(fail(pool, "c", 30, 0)).isFalse();
        assertThat(order(pool, 3)).contains("c");
        assertThat(fail(pool(50, 0, "a"), "a", 30, 0)).as("the only one").isFalse();
    }

    @Test
    void inAPanicEjectionsAreIgnored() {
        Pool pool = pool(50, 60, "a", "b", "c", "d");
        fail(pool, "a", 3, 0);
        assertThat(order(pool, 6)).as("three of four are left").doesNotContain("a");
        backend(pool, "b").verdict(false, 0);
        assertThat(order(pool, 6))
                .as("two of four are below 60 %")
                .contains("a")
                .doesNotContain("b");
        backend(pool, "b").verdict(true, 0);
        assertThat(order(pool, 6)).doesNotContain("a");
    }

    @Test
    void aFailedCheckOutweighsAnEjection() {
        Pool pool = pool(50, 0, "a", "b");
        fail(pool, "a", 3, 0);
        backend(pool, "a").verdict(false, 0);
        assertThat(pool.readmit(SECOND * 100)).isEmpty();
        assertThat(backend(pool, "a").health().checked()).isEqualTo(Checked.DOWN);
        assertThat(fail(pool, "a", 30, 0)).as("down is down").isFalse();
    }
}
