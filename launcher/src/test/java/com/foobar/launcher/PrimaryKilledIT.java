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
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The primary's server is killed while entries come in by the front door: what was answered is kept, what failed was told. */
class PrimaryKilledIT {
    private static final Duration BETWEEN_POSTS = Duration.ofMillis(5);
    private static final int BEFORE = 400;
    private static final int AFTER = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Queue<Post> posts = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private Stack stack;

    /** An entry, and how it went. */
    private record Post(int number, CompletableFuture<Told> told) {
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
        clock.shutdownNow();
        stack.close();
    }

    @Test
    void everyAnsweredEntryIsInTheNewPrimaryAndEveryOtherWasToldClearly() throws Exception {
        stack.start("all", FreePorts.one());
        stack.awaitService();
        String before = stack.primary();
        AtomicInteger numbers = new AtomicInteger();
        // At its own pace whatever the answers, as visitors come.
        var load = clock.scheduleAtFixedRate(
                () -> post(numbers.getAndIncrement()), 0, BETWEEN_POSTS.toNanos(), TimeUnit.NANOSECONDS);
        Await.until("entries are written", PATIENCE, () -> answered.get() >= BEFORE);
        assertThat(stack.server(before).destroyForcibly()).isTrue();
        long killed = System.nanoTime();
        Await.until("entries are written again", PATIENCE, () -> written(killed) >= AFTER);
        load.cancel(false);
        Map<Post, Told> outcomes = outcomes();
        String after = stack.primary();
        assertThat(after).isNotEqualTo(before);

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
        repeatTheUnknown(outcomes);
    }

    private void post(int number) {
        Post post = new Post(number, new CompletableFuture<>());
        posts.add(post);
        var unused = stack.begin(stack.post(post.text()).header("Idempotency-Key", post.key()))
                .whenComplete((answer, failure) -> {
                    post.told.complete(told(answer, failure));
                    answered.incrementAndGet();
                });
    }

    private static Told told(@Nullable HttpResponse<String> answer, @Nullable Throwable failure) {
        long now = System.nanoTime();
        if (answer == null) {
            return new Told(0, "", String.valueOf(failure), now);
        }
        String retryAfter = answer.headers().firstValue("Retry-After").orElse("");
        return new Told(answer.statusCode(), retryAfter, answer.body(), now);
    }

    private long written(long since) {
        return posts.stream()
                .filter(post -> post.told.isDone())
                .map(post -> post.told.join())
                .filter(told -> told.isWritten() && told.at() - since > 0)
                .count();
    }

    private Map<Post, Told> outcomes() throws Exception {
        Map<Post, Told> outcomes = new HashMap<>();
        for (Post post : posts) {
            outcomes.put(post, post.told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
        return outcomes;
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
    private void repeatTheUnknown(Map<Post, Told> outcomes) {
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
                "%s killed at 200 entries/s, %s took over: %d written, %d refused in words, %d unknown in words; longest time without"
                        + " an entry written %d ms, first answer after the kill %d ms%n",
                before,
                after,
                times.size(),
                refused,
                unknown,
                Duration.ofNanos(gap).toMillis(),
                Duration.ofNanos(first - killed).toMillis());
    }
}
