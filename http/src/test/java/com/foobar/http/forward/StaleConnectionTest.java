package com.foobar.http.forward;

import static com.foobar.testkit.Script.answer;
import static com.foobar.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.ScriptedBackend;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Connections out of the pool that die as they are used: the one case in which a healthy server looks like a failing one. */
class StaleConnectionTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi";

    /** Answers the first request of each connection and closes without an answer at the second. */
    private static ScriptedBackend closingAtTheSecond(AtomicInteger seen) {
        AtomicInteger last = new AtomicInteger();
        return ScriptedBackend.scripted("a", r -> {
            seen.incrementAndGet();
            return last.getAndSet(r.connection()) == r.connection() ? script().close() : answer(200, "x");
        });
    }

    @Test
    void aGetIsNotFailed() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (ScriptedBackend a = closingAtTheSecond(seen);
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            assertThat(client.send(GET).response().status()).isEqualTo(200);
            assertThat(rig.journey().retries()).isZero();
            assertThat(client.send(GET).response().status()).isEqualTo(200);
            Journey second = rig.journey();
            assertThat(second.retries()).isEqualTo(1);
            assertThat(second.reused()).isFalse();
            assertThat(seen.get()).isEqualTo(3);
            assertThat(rig.pool.backends().get(0).load().inFlight()).isZero();
        }
    }

    @Test
    void aPostIsNeverSentTwice() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (ScriptedBackend a = closingAtTheSecond(seen);
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            assertThat(client.send(POST).response().status()).isEqualTo(200);
            assertThat(client.send(POST).response().status()).isEqualTo(502);
            assertThat(seen.get()).isEqualTo(2);
        }
    }

    @Test
    void aPostTakesNoOldConnection() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a");
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            client.send(POST).response();
            client.send(POST).response();
            assertThat(a.connections()).isEqualTo(1);
            assertThat(client.isClosedWithin(Duration.ofMillis(1200))).isFalse();
            client.send(POST).response();
            assertThat(a.connections()).isEqualTo(2);
            assertThat(client.send(GET).response().status()).isEqualTo(200);
            assertThat(a.connections()).isEqualTo(2);
        }
    }

    @Test
    void aGetWithABodyUnderWayTakesNoOldConnection() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a");
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            client.send(GET).response();
            assertThat(client.isClosedWithin(Duration.ofMillis(1200))).isFalse();
            client.send("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n");
            client.send("hi").response();
            assertThat(a.connections()).isEqualTo(2);
        }
    }

    @Test
    void aCloseWhileIdleIsNoticed() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.answering("a");
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            client.send(GET).response();
            a.stop();
            Await.until(
                    "noticed",
                    Duration.ofSeconds(5),
                    () -> rig.pool.backends().get(0).load().connections(),
                    n -> n == 0);
            a.start();
            assertThat(client.send(POST).response().status()).isEqualTo(200);
            rig.journey();
            assertThat(rig.journey().retries()).isZero();
        }
    }

    @Test
    void bytesNobodyAskedForEndTheConnection() throws Exception {
        String evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a", r -> script().write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx" + evil));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            for (int i = 1; i <= 3; i++) {
                assertThat(client.send(GET).response().latin1()).isEqualTo("x");
                assertThat(a.connections()).isEqualTo(i);
            }
        }
    }

    @Test
    void soDoThoseThatComeWhileItIsIdle() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a",
                        r -> answer(200, "x").delay(Duration.ofMillis(50)).write("HTTP/1.1 408 Too Slow\r\n\r\n"));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            assertThat(client.send(GET).response().latin1()).isEqualTo("x");
            Await.until(
                    "closed",
                    Duration.ofSeconds(5),
                    () -> rig.pool.backends().get(0).load().connections(),
                    n -> n == 0);
            assertThat(client.send(GET).response().latin1()).isEqualTo("x");
        }
    }
}
