package com.foobar.launcher;

import static com.foobar.launcher.Visitor.app;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.account.Duty;
import com.foobar.database.act.NodeFailure;
import com.foobar.testkit.Await;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo as its visitors see it: who answers, what they read, what they may repeat. Each application server in a process of its own, so
 * that what one knows of its writes the other knows from the visitor alone.
 */
class GuestBookIT {
    /** 10 000 is the full figure. */
    private static final int ROUNDS = Integer.getInteger("foobar.rounds", 300);

    private static final int VISITORS = 12;
    private static final int STRANGERS = 20;
    private static final int TRIES = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static Stack stack;

    @BeforeAll
    static void start() throws Exception {
        stack = new Stack(folder);
        stack.startData();
        leaveAFailedMigration();
        stack.startTiers();
        stack.awaitService();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    /** As a first attempt whose primary died in the middle of it: the table is there, and the note says failed. */
    private static void leaveAFailedMigration() throws NodeFailure {
        String primary =
                Await.until("somebody takes tables", PATIENCE, GuestBookIT::takesTables, node -> !node.isEmpty());
        for (String sql : List.of(
                "CREATE TABLE guest_book_schema (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50),"
                        + " description VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL,"
                        + " checksum INT, installed_by VARCHAR(100) NOT NULL,"
                        + " installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, execution_time INT NOT NULL,"
                        + " success BOOL NOT NULL)",
                "INSERT INTO guest_book_schema VALUES (1, '1', 'guest book', 'SQL', 'V1__guest_book.sql', 0, 'foobar_schema',"
                        + " NOW(), 1, FALSE)")) {
            Object unused = stack.ask(primary, Duty.SCHEMA, sql);
        }
    }

    private static String takesTables() {
        for (String node : List.of("db1", "db2", "db3")) {
            try {
                Object made = stack.ask(node, Duty.SCHEMA, "CREATE TABLE IF NOT EXISTS begun (id INT PRIMARY KEY)");
                return node;
            } catch (NodeFailure notThisOne) {
                continue;
            }
        }
        return "";
    }

    @Test
    void aFirstAttemptAtTheTablesThatFailedIsRepaired() throws Exception {
        assertThat(stack.ask(
                        stack.primary(),
                        Duty.READER,
                        "SELECT version, success FROM guest_book_schema WHERE version = '1'"))
                .extracting(row -> row.get("success").orElseThrow())
                .containsExactly("1");
    }

    @Test
    void whoamiNamesWhoTookPart() {
        Set<String> apps = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            String body = stack.send(stack.request("/api/whoami")).body();
            assertThat(body)
                    .containsPattern("\"lb\":\"lb1\"")
                    .containsPattern("\"webserver\":\"web[12]\"")
                    .containsPattern("\"read\":\"db[123]\"")
                    .containsPattern("\"write\":\"db[123]\"");
            apps.add(Stack.found("\"appserver\":\"(app\\d)\"", body).orElseThrow());
        }
        assertThat(apps).containsExactly("app1", "app2");
    }

    /** Java's own client, as it is when nothing is said: it wishes for HTTP/2 in its first request. */
    @Test
    void aClientThatWishesForHttp2IsAnsweredAllTheSame() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(stack.request("/api/whoami").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void aSessionCountsOnWhicheverServerAnswers() {
        Visitor visitor = new Visitor(stack);
        Set<String> apps = new TreeSet<>();
        for (int i = 1; i <= 50; i++) {
            HttpResponse<String> answer = visitor.get("/api/session");
            assertThat(answer.body()).contains("\"count\":" + i + ",");
            apps.add(app(answer));
        }
        assertThat(apps).containsExactly("app1", "app2");
    }

    @Test
    void oneIdempotencyKeyMakesOneEntry() {
        Visitor visitor = new Visitor(stack);
        String key = "key-" + System.nanoTime();
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            HttpResponse<String> answer = visitor.send(stack.post("once").header("Idempotency-Key", key));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            assertThat(answer.body()).contains("\"again\":" + (i > 0));
            ids.add(Stack.found("\"id\":(\\d+)", answer.body()).orElseThrow());
        }
        assertThat(ids).hasSize(1);
        assertThat(visitor.send(stack.post("another text").header("Idempotency-Key", key))
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void whoWroteReadsItFromReplicasThatAreTwoSecondsBehind() throws Exception {
        List<String> replicas = new ArrayList<>(List.of("db1", "db2", "db3"));
        replicas.remove(stack.primary());
        for (String replica : replicas) {
            hold(replica, Duration.ofSeconds(2));
        }
        Rounds rounds = new Rounds();
        try {
            rounds.run();
        } finally {
            for (String replica : replicas) {
                hold(replica, Duration.ZERO);
            }
        }
        System.out.printf(
                "%d rounds behind replicas held 2 s back: %s stale reads of %s, %s read by the other server; of %d strangers %s"
                        + " saw nothing yet%n",
                ROUNDS, rounds.stale, rounds.reads, rounds.elsewhere, STRANGERS, rounds.strangersMissed);
        assertThat(rounds.stale).hasValue(0);
        assertThat(rounds.elsewhere).hasValue(ROUNDS);
        // Else the replicas were not behind, and the test shows nothing.
        assertThat(rounds.strangersMissed).hasPositiveValue();
    }

    /** Several at once: each waits for a replica most of its time. */
    private static final class Rounds {
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger reads = new AtomicInteger();
        private final AtomicInteger stale = new AtomicInteger();
        private final AtomicInteger elsewhere = new AtomicInteger();
        private final AtomicInteger strangersMissed = new AtomicInteger();

        private void run() throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(VISITORS);
            try {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < VISITORS; i++) {
                    all.add(threads.submit(this::visit));
                }
                for (Future<?> one : all) {
                    Object unused = one.get(1, TimeUnit.HOURS);
                }
            } finally {
                threads.shutdownNow();
            }
        }

        private void visit() {
            for (int round = next.getAndIncrement(); round < ROUNDS; round = next.getAndIncrement()) {
                round(round);
            }
        }

        private void round(int number) {
            Visitor visitor = new Visitor(stack);
            HttpResponse<String> written = visitor.send(stack.post("round " + number));
            assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
            String path = "/api/messages/"
                    + Stack.found("\"id\":(\\d+)", written.body()).orElseThrow();
            if (number < STRANGERS) {
                strangersMissed.addAndGet(new Visitor(stack).get(path).statusCode() == 404 ? 1 : 0);
            }
            for (int tries = 0; tries < TRIES; tries++) {
                HttpResponse<String> read = visitor.get(path);
                reads.incrementAndGet();
                stale.addAndGet(read.statusCode() == 200 ? 0 : 1);
                if (!app(read).equals(app(written))) {
                    elsewhere.incrementAndGet();
                    return;
                }
            }
        }
    }

    /** Repeated, because the coordinator starts a replica again that it finds stopped, also between two of these words. */
    private static void hold(String replica, Duration behind) {
        Await.until(replica + " is held " + behind + " behind", PATIENCE, () -> {
            try {
                stack.order(
                        replica, "STOP SLAVE", "CHANGE MASTER TO MASTER_DELAY = " + behind.toSeconds(), "START SLAVE");
                return true;
            } catch (NodeFailure again) {
                return false;
            }
        });
    }
}
