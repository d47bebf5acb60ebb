package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers die and return under load: what may be repeated never fails, what may not is never repeated. */
class AtMostOnceTest {
    private static final int CLIENTS = 6;
    private static final int PAIRS = 250;

    /** In one write: a death between head and body would be an answer cut short, which no balancer can mend. */
    private static final Script WHOLE = Script.script().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    @TempDir
    Path data;

    private final List<ScriptedBackend> backends = Stream.of("a", "b", "c")
            .map(name -> ScriptedBackend.scripted(name, request -> WHOLE))
            .toList();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<String> failedGets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failedPosts = new AtomicInteger();

    @AfterEach
    void close() {
        threads.shutdownNow();
        backends.forEach(ScriptedBackend::close);
    }

    @Test
    void postArrivesAtMostOnceAndGetNeverFails() throws Exception {
        long seed = System.nanoTime();
        try (Balancer balancer = Balancer.started(data, backends, "ejection: {first: 100ms, longest: 200ms}")) {
            AtomicBoolean over = new AtomicBoolean();
            Future<Integer> deaths = threads.submit(() -> killAndRestart(balancer, new Random(seed), over));
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String name = "client" + i;
                clients.add(threads.submit(() -> load(balancer, name)));
            }
            for (Future<?> client : clients) {
                client.get(30, TimeUnit.SECONDS);
            }
            over.set(true);
            int killed = deaths.get(10, TimeUnit.SECONDS);
            String story = "seed " + seed + ", " + killed + " deaths, " + failedPosts + " POSTs failed";
            System.out.println("postArrivesAtMostOnceAndGetNeverFails: " + story);
            assertThat(killed).as(story).isGreaterThan(5);
            assertThat(failedGets).as(story).isEmpty();
            assertThat(arrivals().entrySet().stream()
                            .filter(one -> one.getValue() > 1)
                            .toList())
                    .as("POSTs that arrived more than once, " + story)
                    .isEmpty();
            assertThat(arrivals().size()).as(story).isGreaterThan(CLIENTS * PAIRS * 9 / 10);
            assertThat(backends).allSatisfy(one -> assertThat(one.rubbish()).isEmpty());
        }
    }

    /** One at a time, and the next only when the balancer uses the last again: nobody could serve a pool that is all dead. */
    private int killAndRestart(Balancer balancer, Random random, AtomicBoolean over) {
        int deaths = 0;
        while (!over.get()) {
            ScriptedBackend victim = backends.get(random.nextInt(backends.size()));
            int mark = Balancer.asked(victim).size();
            int more = random.nextInt(20);
            awaitLoad(victim, mark + more, over);
            victim.stop();
            deaths++;
            // Sometimes back before a check has seen it gone, sometimes long after.
            if (random.nextBoolean()) {
                balancer.awaitFact(victim.name(), "checked", "down");
            }
            victim.start();
            balancer.awaitFact(victim.name(), "checked", "up");
        }
        return deaths;
    }

    private static void awaitLoad(ScriptedBackend victim, int requests, AtomicBoolean over) {
        Await.until(
                victim.name() + " has got " + requests + " requests",
                Balancer.PATIENCE,
                () -> over.get() || Balancer.asked(victim).size() >= requests);
    }

    private void load(Balancer balancer, String name) {
        RawHttp http = balancer.connect();
        try {
            for (int i = 0; i < PAIRS; i++) {
                String id = name + "-" + i;
                http = usable(balancer, http);
                int post = post(http, id);
                failedPosts.addAndGet(post == 200 ? 0 : 1);
                http = post == 0 ? balancer.connect() : usable(balancer, http);
                RawResponse get = Balancer.get(http, "/get/" + id);
                if (get.status() != 200 || !get.complete()) {
                    failedGets.add(id + ": " + get.status() + " " + get.text());
                }
            }
        } finally {
            http.close();
        }
    }

    /** After an answer that says Connection: close the balancer has closed; a client opens another. */
    private static RawHttp usable(Balancer balancer, RawHttp http) {
        if (!http.isClosed()) {
            return http;
        }
        http.close();
        return balancer.connect();
    }

    /** The status, or 0 when the connection ended without one. */
    private static int post(RawHttp http, String id) {
        try {
            return Balancer.post(http, "/post", id).status();
        } catch (UncheckedIOException cut) {
            return 0;
        }
    }

    private Map<String, Long> arrivals() {
        return backends.stream()
                .flatMap(one -> one.requests().stream())
                .filter(request -> request.method().equals("POST"))
                .collect(Collectors.groupingBy(Request::text, Collectors.counting()));
    }
}
