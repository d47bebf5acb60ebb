package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {

    @Test
    void returnsTheValueAsSoonAsItIsAsWanted() {
        AtomicInteger counter = new AtomicInteger();
        assertThat(Await.until("the counter is 5", Duration.ofSeconds(5), counter::incrementAndGet, n -> n == 5))
                .isEqualTo(5);
    }

    @Test
    void namesWhatDidNotComeAndWhatWasSeenLast() {
        assertThatThrownBy(() -> Await.until("web1 is up", Duration.ofMillis(20), () -> "starting", "up"::equals))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("until web1 is up")
                .hasMessageContaining("last seen: starting");
        assertThatThrownBy(() -> Await.until("it rains", Duration.ofMillis(20), () -> false))
                .hasMessageContaining("until it rains")
                .hasMessageContaining("false");
    }

    @Test
    void looksAtLeastOnceHoweverShortThePatience() {
        AtomicInteger looks = new AtomicInteger();
        Await.until("a look", Duration.ofNanos(1), () -> looks.incrementAndGet() >= 1);
        assertThat(looks).hasValue(1);
    }

    @Test
    void endsWhenItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Await.until("never", Duration.ofSeconds(30), () -> false))
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
