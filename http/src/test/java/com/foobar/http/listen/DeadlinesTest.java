package com.foobar.http.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Slow clients: each of them is cut at its own deadline, and those that are merely patient are not. */
class DeadlinesTest {

    private static final Duration HEAD = Duration.ofMillis(600);
    private static final Duration IDLE = Duration.ofMillis(900);
    private static final Duration GRACE = Duration.ofMillis(800);
    private static final Duration SOON = Duration.ofSeconds(4);

    private final Limits limits = Limits.DEFAULT.withPatience(HEAD, HEAD, IDLE).withBody(GRACE, 500);
    private Stage stage;
    private Listener listener;

    @BeforeEach
    void open() throws Exception {
        stage = new Stage(limits);
        listener = stage.http();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aDrippingHeadIsCutAtItsTotalDeadlineWhateverTheDrip() {
        try (RawHttp client = RawHttp.connect(listener.address())) {
            long began = System.nanoTime();
            CompletableFuture<Integer> drip = CompletableFuture.supplyAsync(
                    () -> client.drip("GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(200), Duration.ofMillis(50)));

            RawResponse response = client.response();

            assertThat(response.status()).isEqualTo(408);
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(HEAD, HEAD.multipliedBy(3));
            client.reset();
            drip.join();
            assertThat(stage.listeners.counters().refusals(Fault.HEAD_TOO_SLOW)).isOne();
        }
    }

    @Test
    void theSecondHeadOfAConnectionHasTheSameDeadline() {
        try (RawHttp client = RawHttp.connect(listener.address())) {
            assertThat(client.sendLines("GET / HTTP/1.1", "Host: x").response().status())
                    .isEqualTo(200);
            client.send("GET /slow HTTP/1.1\r\n");

            assertThat(client.response().status()).isEqualTo(408);
            assertThat(client.isClosedWithin(SOON)).isTrue();
        }
    }

    @Test
    void aHeadThatIsSlowButInTimeIsServed() {
        try (RawHttp client = RawHttp.connect(listener.address())) {
            for (int i = 0; i < 4; i++) {
                client.send("GET / HTTP/1.1\r\nHo");
                client.drip("st: x\r\n\r\n", Duration.ofMillis(20));
                assertThat(client.response().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aSilentConnectionIsClosedWithoutAWord() {
        try (RawHttp client = RawHttp.connect(listener.address())) {
            assertThat(client.untilClosed()).isEmpty();
        }
    }

    @Test
    void anIdleConnectionIsClosedAfterItsLastAnswer() {
        try (RawHttp client = RawHttp.connect(listener.address())) {
            assertThat(client.sendLines("GET / HTTP/1.1", "Host: x").response().status())
                    .isEqualTo(200);
            assertThat(client.isClosedWithin(IDLE.dividedBy(2))).isFalse();
            assertThat(client.isClosedWithin(SOON)).isTrue();
        }
    }

    @Test
    void aDrippingBodyIsCutAfterItsGrace() {
        try (RawHttp client = RawHttp.connect(listener.address())) {
            client.sendLines("POST / HTTP/1.1", "Host: x", "Content-Length: 100000");
            CompletableFuture<Integer> drip =
                    CompletableFuture.supplyAsync(() -> client.drip("a".repeat(400), Duration.ofMillis(20)));

            assertThat(client.response().status()).isEqualTo(408);
            assertThat(client.isClosedWithin(SOON)).isTrue();
            assertThat(drip.join()).isLessThan(400);
            assertThat(stage.listeners.counters().refusals(Fault.BODY_TOO_SLOW)).isOne();
        }
    }

    @Test
    void aBodyThatNeverComesIsCut() {
        try (RawHttp client = RawHttp.connect(listener.address())) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\na");
            assertThat(client.response().status()).isEqualTo(408);
        }
    }

    @Test
    void aBodyThatIsSlowButFastEnoughIsServed() {
        try (RawHttp client = RawHttp.connect(listener.address())) {
            client.sendLines("POST / HTTP/1.1", "Host: x", "Content-Length: 3000");
            for (int i = 0; i < 30; i++) {
                client.drip("a".repeat(10), Duration.ofMillis(6));
                client.send("b".repeat(90));
            }
            assertThat(client.response().status()).isEqualTo(200);
        }
    }

    @Test
    void halfOpenClientsGetTheirAnswerAndLeaveNothingBehind() {
        try (RawHttp client = RawHttp.connect(listener.address())) {
            client.sendLines("GET /half HTTP/1.1", "Host: x").endOutput();
            assertThat(client.response().text()).isEqualTo("GET /half ");
            assertThat(client.isClosedWithin(SOON)).isTrue();
        }
        try (RawHttp client = RawHttp.connect(listener.address())) {
            client.send("GET /cut HT").endOutput();
            assertThat(client.isClosedWithin(SOON)).isTrue();
        }
        try (RawHttp client = RawHttp.connect(listener.address())) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
                    .endOutput();
            assertThat(client.untilClosed()).doesNotContain("HTTP/1.1 200");
        }
        Await.until("nobody is left", SOON, () -> listener.openConnections() == 0);
    }
}
