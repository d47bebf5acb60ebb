package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Script;
import com.foobar.testkit.TlsChoice;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Ports that come, go, move and change places by a reload. */
class PortsTest extends TwoServers {
    @Test
    void anotherPortIsOpenedAndTheOldOneShut() throws Exception {
        int other = FreePorts.one();
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            balancer.reload(List.of(a), "http: " + other);
            try (RawHttp http = RawHttp.connect(other)) {
                assertThat(Balancer.get(http, "/").text()).isEqualTo("a");
            }
            assertThatThrownBy(balancer::connect).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void whoIsInsideWhenThePortMovesEndsInPeace() throws Exception {
        int other = FreePorts.one();
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch finish = new CountDownLatch(1);
        Script last =
                Script.script().tell(inside).hold(finish).write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast");
        Script late101 = Tunnel.echoAfter(Script.script().tell(inside).hold(finish));
        a.script(request -> switch (request.target()) {
            case "/slow" -> last;
            case "/chat" -> request.connection() == 1 ? Tunnel.echoAfter(Script.script()) : late101;
            default -> Script.answer(200, "a");
        });
        try (Balancer balancer = Balancer.started(data, List.of(a), Balancer.UNCHECKED);
                Tunnel tunnel = Tunnel.open(balancer);
                Tunnel late = Tunnel.ask(balancer);
                RawHttp idle = balancer.connect();
                RawHttp busy = balancer.connect()) {
            assertThat(Balancer.get(idle, "/").text()).isEqualTo("a");
            busy.sendLines("GET /slow HTTP/1.1", "Host: " + Balancer.SITE);
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
            balancer.reload(List.of(a), Balancer.UNCHECKED, "http: " + other);
            assertThatThrownBy(balancer::connect).isInstanceOf(UncheckedIOException.class);
            assertThat(idle.isClosedWithin(Balancer.PATIENCE)).isTrue();
            finish.countDown();
            RawResponse answer = busy.response();
            assertThat(answer.text()).isEqualTo("last");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(busy.isClosedWithin(Balancer.PATIENCE)).isTrue();
            assertThat(late.opened().echo("granted after the move")).isEqualTo("granted after the move");
            assertThat(tunnel.isClosedWithin(Duration.ofMillis(300))).isFalse();
            assertThat(tunnel.echo("still there")).isEqualTo("still there");
            // Home again, while the tunnels of the first stay are still inside.
            balancer.reload();
            assertThat(balancer.get("/").text()).isEqualTo("a");
            assertThat(tunnel.echo("still there")).isEqualTo("still there");
            balancer.role.drain(Duration.ofSeconds(5));
            assertThat(tunnel.isClosedWithin(Balancer.PATIENCE))
                    .as("the end of the process is the end of its tunnels")
                    .isTrue();
        }
    }

    @Test
    void portsOfHttpAndHttpsChangePlaces() throws Exception {
        int other = FreePorts.one();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        a.script(request -> request.target().equals("/slow")
                ? Script.script().tell(inside).hold(finish).write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast")
                : Script.answer(200, String.valueOf(request.header("X-Forwarded-Proto"))));
        try (Balancer balancer = Balancer.started(data, List.of(a), "https: " + other);
                RawHttp plain = balancer.connect();
                RawHttp secure = RawHttp.secure(other, TlsChoice.plain())) {
            assertThat(Balancer.get(secure, "/").text()).isEqualTo("https");
            plain.sendLines("GET /slow HTTP/1.1", "Host: " + Balancer.SITE);
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
            balancer.reload(List.of(a), "http: " + other, "https: " + balancer.port());
            try (RawHttp plainNow = RawHttp.connect(other);
                    RawHttp secureNow = RawHttp.secure(balancer.port(), TlsChoice.plain())) {
                assertThat(Balancer.get(plainNow, "/").text()).isEqualTo("http");
                assertThat(Balancer.get(secureNow, "/").text()).isEqualTo("https");
            }
            finish.countDown();
            assertThat(plain.response().text()).isEqualTo("last");
            assertThat(Balancer.get(plain, "/").text()).isEqualTo("http");
            assertThat(Balancer.get(secure, "/").text()).isEqualTo("https");
        }
    }

    @Test
    void oneKeyTakesThePortTheOtherGivesUp() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            balancer.reload(List.of(a), "http: 0", "https: " + balancer.port());
            try (RawHttp secure = RawHttp.secure(balancer.port(), TlsChoice.plain())) {
                assertThat(Balancer.get(secure, "/").text()).isEqualTo("a");
            }
            assertThatThrownBy(
                            () -> balancer.reload(List.of(a), "http: " + balancer.port(), "https: " + balancer.port()))
                    .isInstanceOf(ChangeRefused.class)
                    .hasMessageContaining("lb.http and lb.https are both");
        }
    }

    @Test
    void changeThatIsDiscardedLeavesItsPortToOthers() throws Exception {
        int wanted = FreePorts.one();
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            balancer.prepared(List.of(b), "http: " + wanted).discard();
            assertThat(balancer.get("/").text()).isEqualTo("a");
            try (ServerSocket free = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
                assertThat(free.isBound()).isTrue();
            }
        }
        assertThat(Balancer.asked(b)).isEmpty();
    }

    @Test
    void portThatIsTakenRefusesTheReloadAndChangesNothing() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            assertThatThrownBy(() -> balancer.reload(List.of(b), "http: " + b.port()))
                    .isInstanceOf(ChangeRefused.class)
                    .hasMessageContaining("lb.http")
                    .hasMessageContaining(Integer.toString(b.port()));
            assertThat(balancer.get("/").text()).isEqualTo("a");
        }
    }
}
