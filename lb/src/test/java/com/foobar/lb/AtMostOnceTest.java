package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.Children;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers die and return under load: what may be repeated never fails, what may not is never repeated. A build sends a part of
 * the 10 000 POSTs and 10 000 GETs this is meant for; {@code -Dfoobar.full=true} sends all of them.
 */
class AtMostOnceTest {
    private static final int CLIENTS = 6;
    private static final boolean FULL = Boolean.getBoolean("foobar.full");
    private static final int PAIRS = FULL ? 10_000 : 2_000;
    private static final int PROCESS_DEATHS = FULL ? 15 : 4;
    private static final Duration LONGEST = Duration.ofSeconds(FULL ? 60 : 30);
    private static final String[] LINES = {"ejection: {first: 100ms, longest: 200ms}"};

    /** In one write: a death between head and body would be an answer cut short, which no balancer can mend. */
    private static final Script WHOLE = Script.script().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    @TempDir
    Path data;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<String> failedGets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failedPosts = new AtomicInteger();
    private final AtomicInteger pairs = new AtomicInteger();
    private final AtomicInteger deaths = new AtomicInteger();

    /** Who can be killed. */
    private record Victim(String name, Runnable death, Runnable birth) {}

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void postArrivesAtMostOnceAndGetNeverFailsWhileServersCloseAndReturn() throws Exception {
        List<ScriptedBackend> backends = Stream.of("a", "b", "c")
                .map(name -> ScriptedBackend.scripted(name, request -> WHOLE))
                .toList();
        List<Victim> victims = backends.stream()
                .map(one -> new Victim(one.name(), one::stop, one::start))
                .toList();
        try (Balancer balancer = Balancer.started(data, backends, LINES)) {
            String story = loadAndKill(balancer, victims, 6);
            List<String> posts = backends.stream()
                    .flatMap(one -> one.requests().stream())
                    .filter(request -> request.method().equals("POST"))
                    .map(request -> request.text())
                    .toList();
            assertAtMostOnce(posts, story);
            assertThat(backends).allSatisfy(one -> assertThat(one.rubbish()).isEmpty());
        } finally {
            backends.forEach(ScriptedBackend::close);
        }
    }

    @Test
    void postArrivesAtMostOnceAndGetNeverFailsWhileProcessesAreKilledAndStarted(@TempDir Path folder) throws Exception {
        try (Children children = new Children()) {
            List<BackendProcess> backends = Stream.of("a", "b", "c")
                    .map(name -> new BackendProcess(children, name, folder).start())
                    .toList();
            List<Victim> victims = backends.stream()
                    .map(one -> new Victim(one.name(), one::kill, one::start))
                    .toList();
            List<Balancer.Server> servers =
                    backends.stream().map(BackendProcess::server).toList();
            try (Balancer balancer = Balancer.before(data, servers, LINES)) {
                String story = loadAndKill(balancer, victims, PROCESS_DEATHS);
                List<String> posts =
                        backends.stream().flatMap(one -> one.posts().stream()).toList();
                assertAtMostOnce(posts, story);
            }
        }
    }

    /** Returns what happened, for the messages of failures. */
    private String loadAndKill(Balancer balancer, List<Victim> victims, int most) throws Exception {
        long seed = System.nanoTime();
        long began = System.nanoTime();
        List<Future<?>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(threads.submit(() -> load(balancer, most)));
        }
        Future<?> killer = threads.submit(() -> killAndStart(balancer, victims, new Random(seed), most));
        try {
            killer.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
            for (Future<?> client : clients) {
                client.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            System.out.println("AtMostOnceTest: seed " + seed + ", " + deaths + " deaths, " + pairs + " pairs so far");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        String story = "seed " + seed + ", " + deaths + " deaths, " + pairs + " POSTs and as many GETs in " + took
                + ", " + failedPosts + " POSTs failed";
        System.out.println("AtMostOnceTest: " + story);
        assertThat(failedGets).as(story).isEmpty();
        return story;
    }

    private void assertAtMostOnce(List<String> posts, String story) {
        Set<String> once = new HashSet<>();
        assertThat(posts.stream().filter(post -> !once.add(post)).toList())
                .as("POSTs that arrived more than once, " + story)
                .isEmpty();
        assertThat(once).as(story).hasSizeGreaterThanOrEqualTo(pairs.get() - failedPosts.get());
        assertThat(failedPosts.get()).as(story).isLessThan(pairs.get() / 10);
    }

    /** One at a time, and the next only when the balancer uses the last again: nobody could serve a pool that is all dead. */
    private void killAndStart(Balancer balancer, List<Victim> victims, Random random, int most) {
        while (deaths.get() < most) {
            Victim victim = victims.get(random.nextInt(victims.size()));
            int mark = pairs.get() + random.nextInt(60);
            Await.until("there is load", Balancer.PATIENCE, () -> pairs.get() >= mark);
            victim.death.run();
            deaths.incrementAndGet();
            // Sometimes back before a check has seen it gone, sometimes long after.
            if (random.nextBoolean()) {
                balancer.awaitFact(victim.name, "checked", "down");
            }
            victim.birth.run();
            balancer.awaitFact(victim.name, "checked", "up");
        }
    }

    /** Until there was enough of both. */
    private void load(Balancer balancer, int most) {
        RawHttp http = balancer.connect();
        try {
            for (int i = pairs.getAndIncrement(); i < PAIRS || deaths.get() < most; i = pairs.getAndIncrement()) {
                http = usable(balancer, http);
                int post = post(http, "post-" + i);
                failedPosts.addAndGet(post == 200 ? 0 : 1);
                http = post == 0 ? balancer.connect() : usable(balancer, http);
                RawResponse get = Balancer.get(http, "/get/" + i);
                if (get.status() != 200 || !get.complete()) {
                    failedGets.add(i + ": " + get.status() + " " + get.text());
                }
            }
            pairs.decrementAndGet();
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
}
