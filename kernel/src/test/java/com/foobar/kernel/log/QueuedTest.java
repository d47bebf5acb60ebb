package com.foobar.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class QueuedTest {

    private final List<String> written = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whoLogsNeverWaitsForAStuckSinkAndWhatIsDroppedIsCounted() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Queued queued = new Queued(
                "test",
                event -> {
                    reached.countDown();
                    awaitQuietly(release);
                    written.add(event.getFormattedMessage());
                },
                10);
        queued.start();
        queued.doAppend(Events.info("first"));
        assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 100; i++) {
            queued.doAppend(Events.info("event " + i));
        }
        assertThat(queued.dropped()).isEqualTo(90);
        assertThat(written).isEmpty();
        release.countDown();
        queued.close(Duration.ofSeconds(10));
        assertThat(written).hasSize(11).startsWith("first", "event 0").endsWith("event 9");
    }

    @Test
    void closingDoesNotWaitForAStuckSink() {
        CountDownLatch never = new CountDownLatch(1);
        Queued queued = new Queued("test", event -> awaitQuietly(never), 10);
        queued.start();
        queued.doAppend(Events.info("stuck"));
        long before = System.nanoTime();
        queued.close(Duration.ofMillis(100));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        never.countDown();
    }

    @Test
    void aSinkThatThrowsIsAskedAgain() {
        Queued queued = new Queued("test", this::failOnBad, 100);
        queued.start();
        queued.doAppend(Events.info("bad"));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (queued.dropped() == 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        queued.doAppend(Events.info("good"));
        queued.close(Duration.ofSeconds(10));
        assertThat(written).containsExactly("good");
    }

    private void failOnBad(ILoggingEvent event) {
        if (event.getFormattedMessage().equals("bad")) {
            throw new IllegalStateException("bad");
        }
        written.add(event.getFormattedMessage());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(15, TimeUnit.SECONDS);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
