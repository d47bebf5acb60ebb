package com.foobar.launcher.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.launcher.supervise.Orders;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin port over real sockets. */
class AdminPortTest {
    private final int number = FreePorts.one();
    private volatile Readiness readiness = Readiness.yes();
    private AdminPort port;

    @BeforeEach
    void open() throws Exception {
        port = AdminPort.open(address(), desk());
    }

    @AfterEach
    void close() {
        port.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 200",
        "GET, /live, 200",
        "HEAD, /live, 200",
        "GET, /ready, 200",
        "GET, /metrics, 200",
        "GET, /topology, 200",
        "GET, /topology?x=1, 200",
        "GET, /nothing, 404",
        "GET, /live/, 404",
        "POST, /live, 405",
        "GET, /reload, 405",
        "DELETE, /topology, 405",
        "POST, /reload, 401",
        "PUT, /pools/web/web1, 401",
        "GET, /pools/web/web1, 405",
        "GET, /database, 404",
        "GET, /database/switchover, 405",
        "POST, /database/switchover, 401"
    })
    void answers(String method, String target, int status) {
        assertThat(ask(method, target, "").status()).isEqualTo(status);
    }

    @Test
    void notReadySaysWhy() {
        readiness = Readiness.no("web1: no application server");

        RawResponse answer = ask("GET", "/ready", "");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).isEqualTo("web1: no application server\n");
    }

    @Test
    void metricsAreInPrometheusText() {
        RawResponse answer = ask("GET", "/metrics", "");

        assertThat(answer.text()).contains("# TYPE process_cpu_seconds_total counter");
    }

    @Test
    void aWrongTokenIsNoToken() {
        assertThat(ask("POST", "/reload", "Authorization: Bearer wrong\r\n").status())
                .isEqualTo(401);
        assertThat(ask("POST", "/reload", "Authorization: Basic c2VjcmV0\r\n").status())
                .isEqualTo(401);
    }

    @Test
    void aReloadWithTheTokenIsPassedOnAndItsRefusalShown() {
        RawResponse answer = ask("POST", "/reload", "Authorization: Bearer secret\r\n");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("the process is stopping");
    }

    @Test
    void aBodyOverTheLimitIsRefused() {
        try (RawHttp http = RawHttp.connect(address())) {
            http.send(
                    "POST /reload HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer secret\r\nContent-Length: 70000\r\n\r\n"
                            + "x".repeat(70_000));
            assertThat(http.response().status()).isEqualTo(413);
        }
    }

    @Test
    void rubbishDoesNotKillIt() {
        try (RawHttp http = RawHttp.connect(address())) {
            http.send("\u0000\u0001rubbish\r\n\r\n");
            http.untilClosed();
        }
        assertThat(ask("GET", "/live", "").status()).isEqualTo(200);
    }

    @Test
    void aTakenPortIsNamedWithItsKeyAndItsHolder() {
        assertThatThrownBy(() -> AdminPort.open(address(), desk()))
                .isInstanceOfSatisfying(StartFailure.class, failure -> assertThat(failure.cure())
                        .contains("admin.port"))
                .hasMessageContaining("127.0.0.1:" + number + ": the port is in use by this process");
    }

    private RawResponse ask(String method, String target, String headers) {
        try (RawHttp http = RawHttp.connect(address())) {
            http.send(method + " " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + headers + "\r\n");
            return method.equals("HEAD") ? http.responseToHead() : http.response();
        }
    }

    private InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", number);
    }

    private AdminDesk desk() {
        Orders stopped = new Orders(new Thread());
        stopped.stop();
        return new AdminDesk(
                Token.of("secret"),
                Metrics.create(),
                () -> readiness,
                () -> Map.of("site", "x"),
                new PoolDesk(List::of),
                new DatabaseDesk(Optional.empty()),
                stopped::reload);
    }
}
