package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Children;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is stopped still takes connections, because its kernel does that for it, and answers none. */
class StoppedProcessTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    /** What a loaded machine may add to a timeout before the test calls it longer. */
    private static final Duration SLACK = Duration.ofMillis(1000);

    @TempDir
    Path data;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    /** What one request cost. */
    private record Cost(String method, int status, Duration took) {}

    @Test
    void nobodyWaitsLongerThanTheTimeoutAndItIsOutAfterFallAndBackAfterRise() throws Exception {
        try (Children children = new Children()) {
            BackendProcess a = new BackendProcess(children, "a", data).start();
            BackendProcess b = new BackendProcess(children, "b", data).start();
            try (Balancer balancer = Balancer.before(
                    data,
                    List.of(a.server(), b.server()),
                    "timeouts: {response: " + TIMEOUT.toMillis() + "ms}",
                    // While it is down nothing is counted for longer than it takes to look at the counts.
                    "check: {path: /health, timeout: 400ms, inter: 200ms, fastinter: 100ms, downinter: 2s,"
                            + " rise: 2, fall: 3}",
                    "ejection: {failures: 1000}",
                    // Every second GET needs one, more than a budget that is to spare the servers would give.
                    "retries: {budget: 100}")) {
                Queue<Cost> costs = new ConcurrentLinkedQueue<>();
                AtomicBoolean over = new AtomicBoolean();
                List<Future<?>> clients = new ArrayList<>();
                for (String method : List.of("GET", "GET", "POST")) {
                    clients.add(threads.submit(() -> ask(balancer, method, costs, over)));
                }
                a.signal(Signal.STOP);
                balancer.awaitFact("a", "checked", "down");
                assertThat(checks(balancer, "failed")).isEqualTo(3);
                long passed = checks(balancer, "passed");
                String picks = balancer.fact("a", "picks");
                over.set(true);
                for (Future<?> client : clients) {
                    client.get(15, TimeUnit.SECONDS);
                }
                assertThat(costs).allSatisfy(one -> {
                    assertThat(one.took()).isLessThan(TIMEOUT.plus(SLACK));
                    assertThat(one.status()).isIn(one.method().equals("GET") ? List.of(200) : List.of(200, 504));
                });
                assertThat(costs)
                        .as("somebody met it")
                        .anyMatch(one -> one.took().compareTo(TIMEOUT) >= 0);
                for (int i = 0; i < 20; i++) {
                    assertThat(balancer.get("/").status()).isEqualTo(200);
                }
                assertThat(balancer.fact("a", "picks")).as("out is out").isEqualTo(picks);

                a.signal(Signal.CONT);
                balancer.awaitFact("a", "checked", "up");
                assertThat(checks(balancer, "passed") - passed).isEqualTo(2);
                for (int i = 0; i < 4; i++) {
                    assertThat(balancer.get("/").status()).isEqualTo(200);
                }
                assertThat(Long.parseLong(balancer.fact("a", "picks"))).isEqualTo(Long.parseLong(picks) + 2);
            }
        }
    }

    private static void ask(Balancer balancer, String method, Queue<Cost> costs, AtomicBoolean over) {
        while (!over.get()) {
            try (RawHttp http = balancer.connect()) {
                long began = System.nanoTime();
                int status = method.equals("GET")
                        ? Balancer.get(http, "/").status()
                        : Balancer.post(http, "/", "once").status();
                costs.add(new Cost(method, status, Duration.ofNanos(System.nanoTime() - began)));
            }
        }
    }

    /** How many checks of server a had that result. */
    private static long checks(Balancer balancer, String result) throws Exception {
        return balancer.scrape()
                .lines()
                .filter(line -> line.startsWith("foobar_lb_checks_total{backend=\"a\""))
                .filter(line -> line.contains("result=\"" + result + "\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
