package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.account.Duty;
import com.foobar.database.dialect.Row;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The primary's server is killed while entries come in by the front door: what was answered is kept, what failed was told. */
class PrimaryKilledIT {
    /** 40 visitors with an entry each 200 ms: 200 entries/s, and while there is no primary 40 that wait. */
    private static final int VISITORS = 40;

    private static final Duration BETWEEN_ENTRIES = Duration.ofMillis(200);
    private static final int BEFORE = 400;
    private static final int AFTER = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final ScheduledExecutorService visitors = Executors.newScheduledThreadPool(VISITORS);
    private final Map<Post, Told> outcomes = new ConcurrentHashMap<>();
    private Stack stack;

    /** An entry. */
    private record Post(int number) {
        private String text() {
            return "entry " + number;
        }

        private String key() {
            return "killed-" + number;
        }
    }

    /** What the client was answered, and when. */
    private record Told(int status, String retryAfter, String body, long at) {
        private boolean isWritten() {
            return status == 201;
        }

        /** Not now, or perhaps: both in words, and both with a time to come again. */
        private boolean isClear() {
            return status == 503 && !body.isBlank() && !retryAfter.isEmpty();
        }

        private boolean isUnknown() {
            return isClear() && body.contains("\"error\":\"unknown\"");
        }

        private long id() {
            return Long.parseLong(Stack.found("\"id\":(\\d+)", body).orElseThrow());
        }
    }

    @BeforeEach
    void make() {
        stack = new Stack(folder);
    }

    @AfterEach
    void stop() {
        visitors.shutdownNow();
        stack.close();
    }

    @Test
    void everyAnsweredEntryIsInTheNewPrimaryAndEveryOtherWasToldClearly() throws Exception {
        stack.start("all", FreePorts.one());
        stack.awaitService();
        String before = stack.primary();
        AtomicInteger numbers = new AtomicInteger();
        for (int i = 0; i < VISITORS; i++) {
            var unused = visitors.scheduleWithFixedDelay(
                    () -> post(numbers.getAndIncrement()),
                    BETWEEN_ENTRIES.dividedBy(VISITORS).multipliedBy(i).toNanos(),
                    BETWEEN_ENTRIES.toNanos(),
                    TimeUnit.NANOSECONDS);
        }
        Await.until("entries are written", PATIENCE, () -> outcomes.size() >= BEFORE);
        assertThat(stack.server(before).destroyForcibly()).isTrue();
        long killed = System.nanoTime();
        Await.until("entries are written again", PATIENCE, () -> written(killed) >= AFTER);
        visitors.shutdown();
        assertThat(visitors.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        String after = stack.primary();
        // Not that it is another: on a loaded machine the next failover may come, and go back.
        assertThat(stack.said()).anyMatch(line -> line.contains("Failover from " + before));

        print(outcomes.values(), killed, before, after);
        assertThat(outcomes.values().stream().filter(told -> !told.isWritten() && !told.isClear()))
                .as("neither written nor told clearly")
                .isEmpty();
        assertThat(outcomes.values().stream().filter(told -> !told.isWritten())).isNotEmpty();
        Map<Long, String> entries = entries(after);
        outcomes.forEach((post, told) -> {
            if (told.isWritten()) {
                assertThat(entries).containsEntry(told.id(), post.text());
            } else if (!told.isUnknown()) {
                assertThat(entries.values()).as("said not to be written").doesNotContain(post.text());
            }
        });
        repeatTheUnknown();
    }

    private void post(int number) {
        Post post = new Post(number);
        outcomes.put(post, told(post));
    }

    private Told told(Post post) {
        try {
            HttpResponse<String> answer = stack.send(stack.post(post.text()).header("Idempotency-Key", post.key()));
            String retryAfter = answer.headers().firstValue("Retry-After").orElse("");
            return new Told(answer.statusCode(), retryAfter, answer.body(), System.nanoTime());
        } catch (RuntimeException e) {
            return new Told(0, "", e.toString(), System.nanoTime());
        }
    }

    private long written(long since) {
        return outcomes.values().stream()
                .filter(told -> told.isWritten() && told.at() - since > 0)
                .count();
    }

    private Map<Long, String> entries(String node) throws Exception {
        Map<Long, String> entries = new HashMap<>();
        long last = 0;
        List<Row> page;
        do {
            page = stack.ask(
                    node, Duty.READER, "SELECT id, text FROM message WHERE id > " + last + " ORDER BY id LIMIT 1000");
            for (Row row : page) {
                last = Long.parseLong(row.get("id").orElseThrow());
                entries.put(last, row.get("text").orElseThrow());
            }
        } while (!page.isEmpty());
        return entries;
    }

    /** That is what the key is for: written once, whatever had become of it. */
    private void repeatTheUnknown() {
        outcomes.forEach((post, told) -> {
            if (told.isUnknown()) {
                HttpResponse<String> again = stack.send(stack.post(post.text()).header("Idempotency-Key", post.key()));
                assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
            }
        });
    }

    private static void print(Iterable<Told> outcomes, long killed, String before, String after) {
        List<Long> times = new ArrayList<>();
        int refused = 0;
        int unknown = 0;
        for (Told told : outcomes) {
            if (told.isWritten()) {
                times.add(told.at());
            } else if (told.isUnknown()) {
                unknown++;
            } else {
                refused++;
            }
        }
        times.sort((one, other) -> Long.signum(one - other));
        long gap = 0;
        for (int i = 1; i < times.size(); i++) {
            gap = Math.max(gap, times.get(i) - times.get(i - 1));
        }
        long first = times.stream().filter(at -> at - killed > 0).findFirst().orElseThrow();
        System.out.printf(
                "%s killed under %d visitors with an entry every 200 ms each, %s took over: %d written, %d refused in words, %d unknown in words; longest time without"
                        + " an entry written %d ms, first answer after the kill %d ms%n",
                before,
                VISITORS,
                after,
                times.size(),
                refused,
                unknown,
                Duration.ofNanos(gap).toMillis(),
                Duration.ofNanos(first - killed).toMillis());
    }
}
