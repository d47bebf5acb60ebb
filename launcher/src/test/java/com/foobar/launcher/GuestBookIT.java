package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Child;
import com.foobar.testkit.FreePorts;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Needs a machine to itself: where the nodes of the cluster wait seconds for a processor, there is no primary to speak of.
 *
 * <p>The demo as its visitors see it, all roles in one process: who answers, what they read, what they may repeat.
 */
@EnabledIfSystemProperty(named = "foobar.full", matches = "true")
class GuestBookIT {
    private static final int ROUNDS = Integer.getInteger("foobar.rounds", 300);

    @TempDir
    static Path folder;

    private static Stack stack;
    private static Child process;

    @BeforeAll
    static void start() {
        stack = new Stack(folder);
        process = stack.start("all", FreePorts.one());
        stack.awaitService();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    /** A client with its cookies. */
    private static final class Visitor {
        private final Map<String, String> cookies = new LinkedHashMap<>();

        private HttpResponse<String> send(HttpRequest.Builder request) {
            if (!cookies.isEmpty()) {
                List<String> pairs = new ArrayList<>();
                cookies.forEach((name, value) -> pairs.add(name + "=" + value));
                request.header("Cookie", String.join("; ", pairs));
            }
            HttpResponse<String> answer = stack.send(request);
            for (String field : answer.headers().allValues("Set-Cookie")) {
                String[] pair = field.split(";", 2)[0].split("=", 2);
                cookies.put(pair[0], pair[1]);
            }
            return answer;
        }
    }

    private static String app(HttpResponse<String> answer) {
        String served = answer.headers().firstValue("X-Served-By").orElse("");
        return served.substring(served.lastIndexOf(' ') + 1);
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

    @Test
    void aSessionCountsOnWhicheverServerAnswers() {
        Visitor visitor = new Visitor();
        Set<String> apps = new TreeSet<>();
        for (int i = 1; i <= 50; i++) {
            HttpResponse<String> answer = visitor.send(stack.request("/api/session"));
            assertThat(answer.body()).contains("\"count\":" + i + ",");
            apps.add(app(answer));
        }
        assertThat(apps).containsExactly("app1", "app2");
    }

    @Test
    void oneIdempotencyKeyMakesOneEntry() {
        Visitor visitor = new Visitor();
        String key = "key-" + System.nanoTime();
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            HttpResponse<String> answer = visitor.send(stack.post("once").header("Idempotency-Key", key));
            assertThat(answer.statusCode()).isEqualTo(201);
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
        String primary = stack.primary();
        List<String> replicas = new ArrayList<>(List.of("db1", "db2", "db3"));
        replicas.remove(primary);
        delay(replicas, Duration.ofSeconds(2));
        int stale = 0;
        int elsewhere = 0;
        int strangersMissed = 0;
        try {
            for (int i = 0; i < ROUNDS; i++) {
                Visitor visitor = new Visitor();
                HttpResponse<String> written = visitor.send(stack.post("round " + i));
                assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
                String path = "/api/messages/"
                        + Stack.found("\"id\":(\\d+)", written.body()).orElseThrow();
                HttpResponse<String> read = visitor.send(stack.request(path));
                for (int tries = 0; tries < 4 && app(read).equals(app(written)); tries++) {
                    stale += read.statusCode() == 200 ? 0 : 1;
                    read = visitor.send(stack.request(path));
                }
                stale += read.statusCode() == 200 ? 0 : 1;
                elsewhere += app(read).equals(app(written)) ? 0 : 1;
                if (i < 20) {
                    strangersMissed += new Visitor().send(stack.request(path)).statusCode() == 404 ? 1 : 0;
                }
            }
        } finally {
            delay(replicas, Duration.ZERO);
        }
        System.out.printf(
                "%d rounds behind replicas held 2 s back: %d stale reads, %d read by the other server; of 20 strangers %d saw nothing yet%n",
                ROUNDS, stale, elsewhere, strangersMissed);
        assertThat(stale).isZero();
        assertThat(elsewhere).isEqualTo(ROUNDS);
        // Else the replicas were not behind, and the test shows nothing.
        assertThat(strangersMissed).isPositive();
        assertThat(process.isAlive()).isTrue();
    }

    private static void delay(List<String> replicas, Duration behind) throws Exception {
        for (String replica : replicas) {
            stack.order(
                    replica,
                    "STOP SLAVE SQL_THREAD",
                    "CHANGE MASTER TO MASTER_DELAY = " + behind.toSeconds(),
                    "START SLAVE SQL_THREAD");
        }
    }
}
