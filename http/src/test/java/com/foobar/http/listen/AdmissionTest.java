package com.foobar.http.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void aFullHouseSaysSoAndTakesTheNextOnceSomebodyLeaves() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT.withConnections(2, 10))) {
            Listener listener = stage.http();
            RawHttp first = RawHttp.connect(listener.address());
            RawHttp second = RawHttp.connect(listener.address());
            Await.until("both are in", SOON, () -> listener.openConnections() == 2);
            try (RawHttp third = RawHttp.connect(listener.address())) {
                RawResponse refusal = third.response();
                assertThat(refusal.status()).isEqualTo(503);
                assertThat(refusal.header("Retry-After")).isNotNull();
                assertThat(third.isClosedWithin(SOON)).isTrue();
            }
            assertThat(stage.listeners.counters().refusals(Fault.FULL)).isOne();
            assertThat(second.sendLines("GET / HTTP/1.1", "Host: x").response().status())
                    .isEqualTo(200);

            first.close();
            Await.until("there is a place", SOON, () -> stage.listeners.openConnections() == 1);
            try (RawHttp fourth = RawHttp.connect(listener.address())) {
                assertThat(fourth.sendLines("GET / HTTP/1.1", "Host: x")
                                .response()
                                .status())
                        .isEqualTo(200);
            }
            second.close();
        }
    }

    @Test
    void oneAddressCannotTakeEveryPlace() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT.withConnections(100, 2))) {
            Listener listener = stage.http();
            try (RawHttp first = RawHttp.connect(listener.address());
                    RawHttp second = RawHttp.connect(listener.address())) {
                Await.until("both are in", SOON, () -> listener.openConnections() == 2);
                try (RawHttp third = RawHttp.connect(listener.address())) {
                    assertThat(third.response().status()).isEqualTo(503);
                }
                assertThat(first.sendLines("GET / HTTP/1.1", "Host: x")
                                .response()
                                .status())
                        .isEqualTo(200);
                assertThat(second.sendLines("GET / HTTP/1.1", "Host: x")
                                .response()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void countsGoBackToNothing() {
        Admission admission = new Admission();
        InetAddress address = InetAddress.getLoopbackAddress();
        Limits limits = Limits.DEFAULT.withConnections(3, 2);

        assertThat(admission.enter(address, limits)).isTrue();
        assertThat(admission.enter(address, limits)).isTrue();
        assertThat(admission.enter(address, limits)).isFalse();
        assertThat(admission.openFrom(address)).isEqualTo(2);
        admission.leave(address);
        admission.leave(address);

        assertThat(admission.open()).isZero();
        assertThat(admission.openFrom(address)).isZero();
    }

    @Test
    void thousandsOfIdleConnectionsAreHeldAndBounded() throws Exception {
        int most = 2000;
        int more = 2200;
        List<Socket> clients = new ArrayList<>();
        try (Stage stage = new Stage(Limits.DEFAULT.withConnections(most, most))) {
            Listener listener = stage.http();
            InetSocketAddress address = listener.address();
            for (int i = 0; i < more; i++) {
                clients.add(new Socket(address.getAddress(), address.getPort()));
            }
            Await.until(
                    "those too many are refused",
                    SOON,
                    () -> stage.listeners.counters().refusals(Fault.FULL) == more - most);
            assertThat(listener.openConnections()).isEqualTo(most);
            for (Socket client : clients) {
                client.close();
            }
            Await.until("all have left", SOON, () -> stage.listeners.openConnections() == 0);
        }
    }
}
