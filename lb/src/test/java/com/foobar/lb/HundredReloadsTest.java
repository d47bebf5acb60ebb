package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reloads change servers, pools, routes, algorithm and ports; whoever is inside does not notice, and nothing is left behind. */
class HundredReloadsTest {
    private static final int TUNNELS = 500;

    /** The first reloads load classes and fill caches; from then on the heap may not grow. */
    private static final int WARM_UP = 20;

    private static final int RELOADS = 100;
    private static final long MOST_GROWTH_BYTES = 2_000_000;
    private static final String PIECE = "0123456789".repeat(100);
    private static final int PIECES = 50;

    @TempDir
    Path data;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);
    private final ScriptedBackend a = ScriptedBackend.scripted("a", this::script);
    private final ScriptedBackend b = ScriptedBackend.answering("b");
    private final int[] ports = {FreePorts.one(), FreePorts.one()};

    private Script script(Request request) {
        Script echo = Tunnel.echo(request);
        if (echo != null) {
            return echo;
        }
        return request.target().equals("/download") ? download() : Script.answer(200, "a");
    }

    private Script download() {
        Script slow = Script.script()
                .write("HTTP/1.1 200 OK\r\nContent-Length: " + 2 * PIECES * PIECE.length() + "\r\n\r\n")
                .tell(begun);
        for (int i = 0; i < PIECES; i++) {
            slow = slow.write(PIECE).delay(Duration.ofMillis(20));
        }
        return slow.hold(finish).write(PIECE.repeat(PIECES));
    }

    @AfterEach
    void close() {
        finish.countDown();
        a.close();
        b.close();
    }

    @Test
    void neitherWebSocketsNorADownloadAreDisturbedAndTheHeapDoesNotGrow() throws Exception {
        List<Tunnel> tunnels = new ArrayList<>();
        try (Balancer balancer = Balancer.started(data, List.of(a), Balancer.UNCHECKED);
                RawHttp download = balancer.connect().patience(Duration.ofSeconds(60))) {
            for (int i = 0; i < TUNNELS; i++) {
                tunnels.add(Tunnel.open(balancer));
            }
            download.sendLines("GET /download HTTP/1.1", "Host: " + Balancer.SITE);
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < WARM_UP; i++) {
                reload(balancer, i);
            }
            long before = heap();
            for (int i = WARM_UP; i < WARM_UP + RELOADS; i++) {
                reload(balancer, i);
            }
            long after = heap();
            System.out.printf("HundredReloadsTest: heap %,d before, %,d after %d reloads%n", before, after, RELOADS);
            // 5 % of it, or less where the test itself holds much.
            assertThat(after - before).isLessThan(Math.min(before / 20, MOST_GROWTH_BYTES));
            finish.countDown();
            RawResponse whole = download.response();
            assertThat(whole.complete()).isTrue();
            assertThat(whole.latin1()).isEqualTo(PIECE.repeat(2 * PIECES));
            for (int i = 0; i < TUNNELS; i++) {
                assertThat(tunnels.get(i).echo("after " + i)).isEqualTo("after " + i);
            }
        } finally {
            tunnels.forEach(Tunnel::close);
        }
    }

    /** Every second time the server in use is gone from the pool, every tenth time the port moves. */
    private void reload(Balancer balancer, int i) throws Exception {
        int port = i < WARM_UP / 2 ? balancer.port() : ports[i / 10 % 2];
        balancer.reload(
                i % 2 == 0 ? List.of(b) : List.of(a, b),
                Balancer.UNCHECKED,
                "http: " + port,
                "balance: " + (i % 3 == 0 ? "leastconn" : "roundrobin"),
                "pools: {p" + i + ": {servers: {s: {address: '127.0.0.1:" + b.port() + "'}}}}",
                "routes: {r: {path: /p, pool: p" + i + "}}");
        try (RawHttp visitor = RawHttp.connect(port)) {
            assertThat(Balancer.get(visitor, "/p").text()).isEqualTo("b");
            assertThat(Balancer.get(visitor, "/").status()).isEqualTo(200);
        }
    }

    /** What is reachable: the least of several looks, for what is about to be let go still counts in some. */
    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
