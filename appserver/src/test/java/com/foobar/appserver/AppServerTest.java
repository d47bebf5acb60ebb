package com.foobar.appserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.appserver.container.Generation;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The role as the supervisor and the other tiers see it. */
class AppServerTest {
    @TempDir
    Path folder;

    private App started(String... lines) throws Exception {
        App app = new App(folder, lines);
        War.of(Generation.EE11)
                .servlet(
                        "Who",
                        "/who",
                        """
                        response.getWriter().print(request.getRemoteAddr() + " " + request.getScheme() + " "
                                + request.getServerName() + " " + request.getServerPort() + " "
                                + request.getHeader("X-Request-Id") + " " + request.getHeader("traceparent"));
                        """)
                .to(app.apps.resolve("ROOT.war"));
        app.role.start();
        return app;
    }

    private static RawResponse ask(App app, String path, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        try (RawHttp client = app.connect()) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: www.foobar.com\r\n" + more + "\r\n")
                    .response();
        }
    }

    @Test
    void believesWebServersAndNobodyElse() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        String[] claims = {
            "X-Request-Id: mine",
            "traceparent: " + trace,
            "X-Forwarded-For: 192.0.2.7",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: shop.foobar.com"
        };
        try (App app = started()) {
            String believed = ask(app, "/who", claims).text();
            assertThat(believed)
                    .startsWith("192.0.2.7 https shop.foobar.com 443 mine 00-0af7651916cd43dd8448eb211c80319c-")
                    .doesNotContain("b7ad6b7169203331");
            AppPlan plan = app.plan();
            app.role
                    .prepare(new AppPlan(
                            plan.settings(),
                            plan.address(),
                            plan.port(),
                            java.util.List.of(),
                            plan.doors(),
                            plan.notice(),
                            false))
                    .commit();
            RawResponse answer = ask(app, "/who", claims);
            assertThat(answer.text())
                    .startsWith("127.0.0.1 http www.foobar.com 80 ")
                    .doesNotContain("mine");
            assertThat(answer.header("X-Served-By")).isNull();
            assertThat(answer.header("Server")).isNull();
        }
    }

    @Test
    void answersChecksForItself() throws Exception {
        try (App app = started()) {
            assertThat(ask(app, "/nothing/there", "User-Agent: foobar-check/1").text())
                    .isEqualTo("ready\n");
            app.role.drain(java.time.Duration.ofSeconds(1));
            assertThat(app.role.readiness().reason()).isEqualTo("draining");
        }
    }

    /** Whoever begins with HTTP/2 is answered in it: with the settings that must come first. */
    @Test
    void speaksHttp2OnItsPlainPortToThoseWhoBeginWithIt() throws Exception {
        byte[] emptySettings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
        try (App app = started();
                RawHttp client = app.connect()) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").sendBytes(emptySettings);
            byte[] frame = client.readBytes(9);
            assertThat(frame[3]).as("the type of the first frame").isEqualTo((byte) 4);
        }
    }

    /** The tiers in front pass such a wish on; granted, it would be a tunnel past their rules. */
    @ParameterizedTest
    @ValueSource(strings = {"Connection: Upgrade", "Connection: Upgrade\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"})
    void nobodyIsUpgradedToHttp2(String wish) throws Exception {
        try (App app = started()) {
            for (String method : List.of("GET", "PRI")) {
                try (RawHttp client = app.connect()) {
                    RawResponse answer = client.sendLines(
                                    method + " /who HTTP/1.1", "Host: www.foobar.com", "Upgrade: h2c", wish)
                            .response();
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.text()).startsWith("127.0.0.1 http ");
                }
            }
        }
    }

    @Test
    void logsEachRequest() throws Exception {
        try (App app = started()) {
            assertThat(ask(app, "/who?x=1", "X-Request-Id: abc123").status()).isEqualTo(200);
            Path log = folder.resolve("data/logs/access-app1.jsonl");
            Await.until(
                    "the line is there",
                    App.PATIENCE,
                    () -> Files.exists(log) && read(log).contains("abc123"));
            assertThat(read(log))
                    .contains(
                            "\"app\":\"app1\"",
                            "\"target\":\"/who?x=1\"",
                            "\"status\":200",
                            "\"reason\":\"application\"");
            assertThat(app.metrics())
                    .contains("foobar_app_requests_total{app=\"app1\",application=\"ROOT\",class=\"2xx\"} 1.0")
                    .contains("foobar_app_application_up{app=\"app1\",application=\"ROOT\"} 1.0")
                    .contains("foobar_app_requests_in_flight 0.0");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            return "";
        }
    }

    @Test
    void namesWhatAReloadCannotChange() throws Exception {
        try (App app = started()) {
            assertThatThrownBy(() -> app.role.prepare(app.plan("threads: 30")))
                    .isInstanceOf(ChangeRefused.class)
                    .hasMessageContaining("change with a restart only");
        }
    }

    @Test
    void namesAPortInUseAndLeavesNothing() throws Exception {
        try (App app = new App(folder);
                ServerSocket taken = new ServerSocket(app.port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(app.role::start)
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .extracting(failure -> ((StartFailure) failure).cure())
                    .asString()
                    .contains("appserver.port");
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("app1-request"));
    }
}
