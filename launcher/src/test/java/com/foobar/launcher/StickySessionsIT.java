package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions in memory: the balancer's cookie brings a visitor back to the machine that has them. No database runs. */
class StickySessionsIT {
    private static final int VISITORS = 8;
    private static final int VISITS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** One machine has two application servers: the balancer's cookie does not say which of them it is. */
    private static final String TOPOLOGY =
            """
            expose: true
            servers:
              front: { address: 127.0.0.1, roles: [lb] }
              machine1: { address: 127.0.0.2, roles: [webserver, appserver] }
              machine2: { address: 127.0.0.3, roles: [webserver, appserver, appserver] }
              nowhere: { address: 127.0.0.1, roles: [database-cluster] }
            lb: { sticky: { key: a key that only this test has } }
            appserver: { sessions: memory }
            """;

    @TempDir
    Path folder;

    private Stack stack;

    @BeforeEach
    void make() {
        stack = new Stack(folder);
    }

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    void theStickyCookieKeepsAVisitorWhereItsSessionIs() {
        List<Child> all = Stream.of("machine1", "machine2", "front")
                .map(server -> stack.begin(server, TOPOLOGY))
                .toList();
        all.forEach(Stack::awaitReady);
        Await.until("both machines answer", PATIENCE, () -> apps().size() == 3);

        Map<Visitor, String> homes = new HashMap<>();
        for (int i = 0; i < VISITORS; i++) {
            Visitor visitor = new Visitor(stack);
            Set<String> apps = new HashSet<>();
            for (int visit = 1; visit <= VISITS; visit++) {
                HttpResponse<String> answer = visitor.get("/api/session");
                assertThat(answer.body()).contains("\"count\":" + visit + ",");
                apps.add(Visitor.app(answer));
            }
            assertThat(apps).hasSize(1);
            homes.put(visitor, apps.iterator().next());
        }
        assertThat(Set.copyOf(homes.values())).containsExactlyInAnyOrder("app1", "app2", "app3");

        stack.process("machine2").kill();
        homes.forEach((visitor, home) -> {
            HttpResponse<String> answer = visitor.get("/api/session");
            int expected = home.equals("app1") ? VISITS + 1 : 1;
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("\"count\":" + expected + ",");
        });
    }

    /** Of visitors who come for the first time. */
    private Set<String> apps() {
        Set<String> apps = new HashSet<>();
        IntStream.range(0, 8)
                .mapToObj(i -> Visitor.app(new Visitor(stack).get("/api/session")))
                .filter(name -> name.startsWith("app"))
                .forEach(apps::add);
        return apps;
    }
}
