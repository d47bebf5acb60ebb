package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.testkit.FaultProxy.Direction;
import com.foobar.testkit.RawResponse.Ending;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(5);

    private final ScriptedBackend backend = ScriptedBackend.answering("web1");
    private final FaultProxy proxy = FaultProxy.to(backend.port());
    private final RawHttp http = RawHttp.connect(proxy.port());

    @AfterEach
    void close() {
        http.close();
        proxy.close();
        backend.close();
    }

    private RawHttp ask() {
        return http.sendLines("GET / HTTP/1.1", "Host: a");
    }

    private Duration timed(Runnable action) {
        long began = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private void assertNoAnswer() {
        assertThatThrownBy(() -> http.patience(SHORT).response())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no whole response");
        http.patience(LONG);
    }

    @Test
    void isAPlainLinkWhenNothingIsWrong() {
        for (int n = 0; n < 100; n++) {
            assertThat(ask().response().text()).isEqualTo("web1");
        }
        http.endOutput();
        assertThat(http.isClosedWithin(LONG)).isTrue();
        Await.until("the link has ended", LONG, () -> proxy.openConnections() == 0);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void carriesMegabytesUnchanged() {
        String body = "0123456789".repeat(500_000);
        backend.script(request -> Script.answer(200, request.text()));
        http.sendLines("PUT / HTTP/1.1", "Content-Length: " + body.length());
        http.send(body);
        assertThat(http.response().text().equals(body)).isTrue();
    }

    @Test
    void delaysEachWay() {
        proxy.latency(Duration.ofMillis(100));
        assertThat(timed(() -> ask().response())).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        proxy.heal();
        assertThat(timed(() -> ask().response())).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void letsOnlySoManyBytesASecondThrough() {
        backend.script(request -> Script.answer(200, "x".repeat(5_000)));
        proxy.throttle(10_000);
        assertThat(timed(() -> ask().response())).isBetween(Duration.ofMillis(450), Duration.ofSeconds(4));
    }

    @Test
    void halfOpenAcceptsAndHoldsEverythingUntilHealed() {
        ask().response();
        proxy.halfOpen();
        try (RawHttp late = RawHttp.connect(proxy.port())) {
            late.sendLines("GET /late HTTP/1.1");
            ask();
            assertNoAnswer();
            assertThat(backend.requests()).hasSize(1);
            assertThat(backend.connections()).isEqualTo(1);
            proxy.heal();
            assertThat(late.response().text()).isEqualTo("web1");
            assertThat(http.response().text()).isEqualTo("web1");
        }
    }

    @Test
    void aBlackHoleSwallowsBothWaysAndItsConnectionsDoNotSurviveHealing() {
        ask().response();
        proxy.blackHole();
        ask();
        assertNoAnswer();
        assertThat(http.isClosed()).isFalse();
        backend.stop();
        assertThat(http.isClosedWithin(SHORT)).as("the end is swallowed too").isFalse();
        backend.start();
        proxy.heal();
        assertThat(http.isClosedWithin(LONG)).isTrue();
        try (RawHttp fresh = RawHttp.connect(proxy.port())) {
            assertThat(fresh.sendLines("GET / HTTP/1.1").response().text()).isEqualTo("web1");
        }
    }

    @Test
    void aConnectionThatLostNothingSurvivesABlackHole() {
        ask().response();
        proxy.blackHole().heal();
        assertThat(ask().response().text()).isEqualTo("web1");
    }

    @Test
    void aBlackHoleAcceptsNewConnectionsAndTheirTargetHearsNothing() {
        proxy.blackHole();
        try (RawHttp lost = RawHttp.connect(proxy.port()).patience(SHORT)) {
            lost.sendLines("GET /lost HTTP/1.1");
            assertThatThrownBy(lost::response).isInstanceOf(AssertionError.class);
        }
        assertThat(backend.requests()).isEmpty();
    }

    @Test
    void cutsOneDirectionOnly() {
        ask().response();
        proxy.cut(Direction.TO_CLIENT);
        ask();
        assertThat(backend.awaitRequests(2)).hasSize(2);
        assertNoAnswer();
        proxy.heal();
        try (RawHttp other = RawHttp.connect(proxy.port())) {
            other.sendLines("GET / HTTP/1.1").response();
            proxy.cut(Direction.TO_TARGET);
            other.sendLines("GET / HTTP/1.1");
            assertThat(other.isClosedWithin(SHORT)).isFalse();
            assertThat(backend.requests()).hasSize(3);
        }
    }

    @Test
    void closesAfterSoManyBytes() {
        String head = "HTTP/1.1 200 Scripted\r\nContent-Length: 100\r\n\r\n";
        backend.script(request -> Script.answer(200, "y".repeat(100)));
        proxy.closeAfter(Direction.TO_CLIENT, head.length() + 40);
        RawResponse response = ask().response();
        assertThat(response.ending()).isEqualTo(Ending.CUT);
        assertThat(response.text()).hasSize(40);
    }

    @Test
    void resetsBothSidesNowAndIsGoodAfterwards() {
        ask().response();
        proxy.resetNow();
        assertThatThrownBy(http::response)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("reset");
        Await.until("the backend has noticed", LONG, () -> backend.openConnections() == 0);
        try (RawHttp fresh = RawHttp.connect(proxy.port())) {
            assertThat(fresh.sendLines("GET / HTTP/1.1").response().text()).isEqualTo("web1");
        }
    }

    @Test
    void passesOnAResetAndADeadTarget() {
        backend.script(request -> Script.script().reset());
        assertThatThrownBy(() -> ask().response()).isInstanceOf(UncheckedIOException.class);
        backend.stop();
        assertThat(isTurnedAway()).isTrue();
    }

    /** The reset may come so fast that the connecting itself fails. */
    private boolean isTurnedAway() {
        try (RawHttp refused = RawHttp.connect(proxy.port())) {
            return refused.isClosedWithin(LONG);
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    @Test
    void refusesUntilHealed() {
        ask().response();
        proxy.refuse();
        assertThatThrownBy(() -> RawHttp.connect(proxy.port())).isInstanceOf(UncheckedIOException.class);
        assertThat(ask().response().status()).isEqualTo(200);
        proxy.heal();
        RawHttp.connect(proxy.port()).close();
    }

    @Test
    void closesWhileItsLinksAreStuck() {
        proxy.halfOpen();
        ask();
        proxy.close();
        assertThat(proxy.openConnections()).isZero();
        assertThat(http.isClosedWithin(LONG)).isTrue();
    }
}
