package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application server's process is killed under visitors with sessions, and none of them notices. */
class SessionsSurviveIT {
    private static final int VISITORS = 16;
    private static final int ENOUGH = 600;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(VISITORS);
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger counted = new AtomicInteger();
    private final AtomicInteger twice = new AtomicInteger();
    private final Set<String> apps = ConcurrentHashMap.newKeySet();
    private Stack stack;

    @BeforeEach
    void make() {
        stack = new Stack(folder);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        stack.close();
    }

    @Test
    void whenAnApplicationServerIsKilledNoSessionIsLostAndNoGetFails() throws Exception {
        stack.startData();
        stack.startTiers();
        stack.awaitService();
        for (int i = 0; i < VISITORS; i++) {
            Counting counting = new Counting(i, new Visitor(stack));
            var unused = threads.scheduleWithFixedDelay(counting, 0, PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        }
        awaitAnswers();
        assertThat(apps).containsExactlyInAnyOrder("app1", "app2");

        stack.process("app2").kill();
        awaitAnswers();
        apps.clear();
        awaitAnswers();
        assertThat(apps).containsExactly("app1");
        threads.shutdown();
        assertThat(threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        System.out.printf(
                "app2's process killed under %d visitors: %d GETs, %d failed, %d sessions lost, %d GETs counted twice%n",
                VISITORS, answers.get(), failed.size(), lost.size(), twice.get());
        assertThat(failed).isEmpty();
        assertThat(lost).isEmpty();
        // Else the servers were not counting, and the test shows nothing.
        assertThat(counted.get()).isGreaterThan(3 * ENOUGH);
    }

    /** Of all visitors together. */
    private void awaitAnswers() {
        int wanted = answers.get() + ENOUGH;
        Await.until("the visitors have had answers", PATIENCE, () -> answers.get() >= wanted);
    }

    /** One visitor, on one thread at a time. */
    private final class Counting implements Runnable {
        private final int number;
        private final Visitor visitor;
        private int last;

        private Counting(int number, Visitor visitor) {
            this.number = number;
            this.visitor = visitor;
        }

        @Override
        public void run() {
            try {
                HttpResponse<String> answer = visitor.get("/api/session");
                if (answer.statusCode() == 200) {
                    count(answer);
                } else {
                    failed.add("visitor " + number + " after " + last + ": " + answer.statusCode() + " "
                            + answer.headers().map() + " " + answer.body());
                }
            } catch (RuntimeException e) {
                failed.add("visitor " + number + " after " + last + ": " + e);
            }
            answers.incrementAndGet();
        }

        private void count(HttpResponse<String> answer) {
            apps.add(Visitor.app(answer));
            int count = Integer.parseInt(
                    Stack.found("\"count\":(\\d+)", answer.body()).orElseThrow());
            boolean begun = answer.body().contains("\"new\":true");
            if (count <= last || begun != (last == 0)) {
                lost.add("visitor " + number + " after " + last + ": " + answer.body() + " by " + Visitor.app(answer));
            }
            // Killed between the count and the answer: asked again, as a GET may be, it is counted again.
            twice.addAndGet(count - last - 1);
            counted.incrementAndGet();
            last = count;
        }
    }
}
