package com.foobar.webserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.Request;
import com.foobar.testkit.ScriptedBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands who send a byte now and then cost the application nothing, and the others little. */
class SlowUploadsTest {
    private static final int SLOW = 2_000;
    private static final int ASKED = 8_000;
    private static final int AT_ONCE = 20;

    @TempDir
    Path folder;

    @Test
    void twoThousandSlowUploadsTakeNoThreadOfTheApplication() throws Exception {
        List<RawHttp> slow = new ArrayList<>();
        try (ScriptedBackend app = ScriptedBackend.answering("app1");
                Web web = Web.started(
                        folder,
                        List.of(app),
                        "limits: {body-rate: 1, connections: 5000, connections-per-address: 5000}");
                RawHttp client = web.connect()) {
            percentiles(client);
            long[] alone = percentiles(client);
            for (int i = 0; i < SLOW; i++) {
                slow.add(web.connect().send(Web.head("POST", "/slow", "Content-Length: 100") + "x"));
            }
            Await.until("all are held", Duration.ofSeconds(20), () -> waiting(web) == SLOW);
            Thread dripping = new Thread(() -> drip(slow));
            dripping.start();
            long[] among = percentiles(client);
            dripping.join();
            assertThat(waiting(web)).isEqualTo(SLOW);
            assertThat(app.requests()).extracting(Request::method).doesNotContain("POST");
            assertThat(UploadTest.gauge(web, "foobar_web_uploads_memory_bytes"))
                    .as("a block of a KiB each, no buffer of a connection")
                    .isLessThanOrEqualTo(SLOW * 1024.0);
            System.out.printf(
                    "SlowUploadsTest: GET through the web tier, microseconds: alone p50 %d p99 %d; among %d slow uploads p50 %d"
                            + " p99 %d%n",
                    alone[0], alone[1], SLOW, among[0], among[1]);
            String rest = "x".repeat(96);
            for (RawHttp one : slow.subList(0, 50)) {
                assertThat(one.send(rest).response().status()).isEqualTo(200);
            }
        } finally {
            slow.forEach(RawHttp::close);
        }
    }

    /** A byte a second from each, evenly spread, for three seconds. */
    private static void drip(List<RawHttp> slow) {
        long pause = Duration.ofSeconds(1).toNanos() / (SLOW / AT_ONCE);
        long next = System.nanoTime();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < SLOW; i += AT_ONCE) {
                slow.subList(i, i + AT_ONCE).forEach(one -> one.send("x"));
                next += pause;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    private static double waiting(Web web) {
        return UploadTest.gauge(web, "foobar_web_uploads_waiting");
    }

    /** Median and 99th percentile of requests that reach the application, in microseconds. */
    private static long[] percentiles(RawHttp client) {
        long[] micros = new long[ASKED];
        for (int i = 0; i < ASKED; i++) {
            long begun = System.nanoTime();
            assertThat(Web.get(client, "/x").status()).isEqualTo(200);
            micros[i] = (System.nanoTime() - begun) / 1_000;
        }
        Arrays.sort(micros);
        return new long[] {micros[ASKED / 2], micros[ASKED * 99 / 100]};
    }
}
