package com.foobar.webserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.http.pool.Operator;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A web server as balancers and clients see it: files first, else the application, and itself. */
class WebServerTest {
    @TempDir
    Path folder;

    private final ScriptedBackend app = ScriptedBackend.answering("app1");
    private final ScriptedBackend other = ScriptedBackend.answering("app2");

    @AfterEach
    void close() {
        app.close();
        other.close();
    }

    @Test
    void aFileIfThereIsOneElseTheApplication() throws Exception {
        try (Web web = Web.started(folder, List.of(app))) {
            assertThat(web.get("/").text()).isEqualTo("first page");
            assertThat(web.get("/index.html").text()).isEqualTo("first page");
            assertThat(web.get("/api/x?y=z").text()).isEqualTo("app1");
            assertThat(asked(app)).extracting(Request::target).containsExactly("/api/x?y=z");
        }
    }

    @Test
    void theApplicationIsToldWhoAsks() throws Exception {
        try (Web web = Web.started(folder, List.of(app));
                RawHttp stranger = web.connect()) {
            RawResponse response = Web.get(
                    stranger,
                    "/x",
                    "X-Forwarded-For: 192.0.2.9",
                    "X-Request-Id: chosen",
                    "Forwarded: for=192.0.2.9",
                    "Via: 1.1 made-up",
                    "X-Forwarded-Proto: https");
            Request seen = asked(app).get(0);
            assertThat(seen.headers("Via")).containsExactly("1.1 web1");
            assertThat(seen.headers("X-Forwarded-For")).containsExactly("127.0.0.1");
            assertThat(seen.headers("X-Forwarded-Proto")).containsExactly("http");
            assertThat(seen.headers("X-Forwarded-Host")).containsExactly(Web.HOST);
            assertThat(seen.headers("Forwarded")).containsExactly("for=127.0.0.1;host=\"" + Web.HOST + "\";proto=http");
            assertThat(seen.header("X-Request-Id")).hasSize(26);
            assertThat(seen.header("traceparent")).hasSize(55);
            assertThat(response.header("X-Served-By")).isEqualTo("web1");
        }
    }

    @Test
    void whatABalancerSaysAboutTheClientIsPassedOn() throws Exception {
        try (Web web = Web.started(folder, List.of(app), "trusted: [127.0.0.0/8]")) {
            web.get("/x", "X-Forwarded-For: 192.0.2.9", "X-Request-Id: chosen", "X-Forwarded-Proto: https");
            Request seen = asked(app).get(0);
            assertThat(seen.header("X-Forwarded-For")).isEqualTo("192.0.2.9, 127.0.0.1");
            assertThat(seen.header("X-Forwarded-Proto")).isEqualTo("https");
            assertThat(seen.header("X-Request-Id")).isEqualTo("chosen");
        }
    }

    @Test
    void withoutApplicationFilesAreServedAndTheRestIs503() throws Exception {
        try (Web web = Web.started(folder, List.of(app), "errors: {503: sorry.html}")) {
            web.file("sorry.html", "we are sorry");
            app.stop();
            Await.until("it is out", Web.PATIENCE, () -> web.get("/x").status() == 503);
            RawResponse page = web.get("/x", "Accept: text/html");
            assertThat(page.text()).isEqualTo("we are sorry");
            assertThat(page.header("Retry-After")).isEqualTo("1");
            assertThat(page.header("Cache-Control")).isEqualTo("no-store");
            RawResponse json = web.get("/x", "Accept: application/json");
            assertThat(json.status()).isEqualTo(503);
            assertThat(json.text()).startsWith("{");
            assertThat(web.get("/").text()).isEqualTo("first page");
            assertThat(web.role.readiness().ready()).isTrue();
            app.start();
            Await.until("it is back", Web.PATIENCE, () -> web.get("/x").status() == 200);
        }
    }

    @Test
    void theApplicationOfTheSameMachineIsPreferred() throws Exception {
        List<WebPlan.Member> members = List.of(Web.member(app, true), Web.member(other, false));
        try (Web web = Web.of(folder, members).start()) {
            for (int i = 0; i < 6; i++) {
                assertThat(web.get("/x").text()).isEqualTo("app1");
            }
            app.stop();
            Await.until("the other takes over", Web.PATIENCE, () -> web.get("/x")
                    .text()
                    .equals("app2"));
            web.reload("prefer-local: false");
            app.start();
            Await.until("both are asked", Web.PATIENCE, () -> {
                String first = web.get("/x").text();
                return !first.equals(web.get("/x").text());
            });
        }
    }

    @Test
    void checksAskForTheWebServerAndNotForTheApplication() throws Exception {
        try (Web web = Web.started(folder, List.of(app), "trusted: [127.0.0.0/8]")) {
            app.stop();
            RawResponse well = web.get("/anything", "User-Agent: foobar-check");
            assertThat(well.status()).isEqualTo(200);
            web.role.drain(Duration.ofMillis(1));
            assertThat(web.role.readiness().reason()).isEqualTo("draining");
        }
        try (Web web = Web.started(folder.resolve("2"), List.of(other))) {
            assertThat(web.get("/anything", "User-Agent: foobar-check").text())
                    .as("a stranger is served like everybody")
                    .isEqualTo("app2");
        }
    }

    @Test
    void aRootThatGoesAwayIsNoticed() throws Exception {
        try (Web web = Web.started(folder, List.of(app))) {
            Files.delete(web.root.resolve("index.html"));
            Files.delete(web.root);
            Await.until(
                    "it is noticed", Web.PATIENCE, () -> !web.role.readiness().ready());
            assertThat(web.role.readiness().reason()).contains("root", "is no folder");
            Files.createDirectory(web.root);
            Await.until("it is back", Web.PATIENCE, () -> web.role.readiness().ready());
        }
    }

    @Test
    void aRootThatIsNotThereIsNamedAtTheStart() throws Exception {
        try (Web web = Web.of(folder, List.of(), "root: " + folder.resolve("nowhere"))) {
            assertThatThrownBy(web::start).isInstanceOfSatisfying(StartFailure.class, failure -> {
                assertThat(failure).hasMessageContaining("nowhere");
                assertThat(failure.cure()).contains("webserver.root");
            });
        }
    }

    @Test
    void aReloadSwapsSitesOrChangesNothing() throws Exception {
        Path second = Files.createDirectories(folder.resolve("second"));
        Files.writeString(second.resolve("index.html"), "second page");
        try (Web web = Web.started(folder, List.of(app));
                RawHttp client = web.connect()) {
            assertThat(Web.get(client, "/").text()).isEqualTo("first page");
            assertThatThrownBy(() -> web.reload("root: " + folder.resolve("nowhere")))
                    .isInstanceOf(ChangeRefused.class)
                    .hasMessageContaining("nowhere");
            assertThatThrownBy(() -> web.reload("io-threads: 3"))
                    .isInstanceOf(ChangeRefused.class)
                    .hasMessageContaining("restart");
            assertThat(Web.get(client, "/").text()).isEqualTo("first page");
            web.reload("root: " + second);
            assertThat(Web.get(client, "/").text()).isEqualTo("second page");
        }
    }

    @Test
    void aSiteOfItsOwnHasItsHostAlsoWhenTheTopologyNamesIt() throws Exception {
        Path docs = Files.createDirectories(folder.resolve("docs"));
        Files.writeString(docs.resolve("index.html"), "the docs");
        try (Web web = Web.started(
                        folder,
                        List.of(app),
                        "hosts: [other.example]",
                        "sites: {docs: {hosts: [" + Web.HOST + "], root: '" + docs + "'}}");
                RawHttp client = web.connect()) {
            assertThat(Web.get(client, "/").text()).isEqualTo("the docs");
            assertThat(client.sendLines("GET / HTTP/1.1", "Host: other.example")
                            .response()
                            .text())
                    .isEqualTo("first page");
            assertThat(client.sendLines("GET / HTTP/1.1", "Host: nobody.example")
                            .response()
                            .status())
                    .isEqualTo(421);
        }
    }

    @Test
    void ordersTakeAnApplicationServerOut() throws Exception {
        try (Web web = Web.started(folder, List.of(app, other))) {
            web.role.stations().get(0).order("app1", Optional.of(Operator.DRAIN), Optional.empty());
            for (int i = 0; i < 4; i++) {
                assertThat(web.get("/x").text()).isEqualTo("app2");
            }
            assertThat(web.role.stations().get(0).facts())
                    .containsEntry("owner", "web1")
                    .containsEntry("name", "app");
        }
    }

    @Test
    void answersAreStreamedAsTheyCome() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        app.script(request -> request.target().startsWith("/health")
                ? Script.answer(200, "")
                : Script.script()
                        .write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
                        .write("data: one\n\n")
                        .hold(go)
                        .write("data: two\n\n")
                        .close());
        try (Web web = Web.started(folder, List.of(app));
                RawHttp client = web.connect()) {
            client.send(Web.head("GET", "/events", "Connection: close"));
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().contains("data: one")) {
                seen.append(new String(client.readBytes(1), StandardCharsets.ISO_8859_1));
            }
            go.countDown();
            assertThat(client.untilClosed()).contains("data: two");
        }
    }

    @Test
    void webSocketsPass() throws Exception {
        app.script(request -> request.target().startsWith("/health")
                ? Script.answer(200, "")
                : Script.script()
                        .write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                        .echo());
        try (Web web = Web.started(folder, List.of(app));
                RawHttp client = web.connect()) {
            client.send(Web.head("GET", "/chat", "Connection: Upgrade", "Upgrade: websocket"));
            assertThat(client.anyResponse().status()).isEqualTo(101);
            assertThat(new String(client.send("hello").readBytes(5), StandardCharsets.ISO_8859_1))
                    .isEqualTo("hello");
        }
    }

    @Test
    void requestsAreCountedAndLogged() throws Exception {
        try (Web web = Web.started(folder, List.of(app))) {
            web.get("/");
            web.get("/x");
            web.get("/.git/config");
            // They are counted when they are over, a moment after their client knows.
            List.of(
                            "foobar_web_requests_total{backend=\"\",class=\"2xx\",pool=\"\",web=\"web1\"} 1.0",
                            "foobar_web_requests_total{backend=\"\",class=\"4xx\",pool=\"\",web=\"web1\"} 1.0",
                            "foobar_web_requests_total{backend=\"app1\",class=\"2xx\",pool=\"app\",web=\"web1\"} 1.0",
                            "foobar_web_cache_bytes{web=\"web1\"}")
                    .forEach(line ->
                            Await.until(line, Web.PATIENCE, () -> scraped(web).contains(line)));
            Path log = folder.resolve("data/logs/access-web1.jsonl");
            Await.until("it is written", Web.PATIENCE, () -> Files.exists(log) && lines(log) == 3);
            assertThat(Files.readString(log))
                    .contains("\"web\":\"web1\"", "\"target\":\"/x\"", "\"backend\":\"app1\"", "\"reason\":\"file\"");
        }
    }

    private static String scraped(Web web) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            web.metrics.write(out, null);
            return out.toString(StandardCharsets.UTF_8);
        } catch (java.io.IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    private static long lines(Path log) {
        try (var lines = Files.lines(log)) {
            return lines.count();
        } catch (java.io.IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    /** What was asked besides checks. */
    private static List<Request> asked(ScriptedBackend backend) {
        return backend.requests().stream()
                .filter(request -> !request.target().startsWith("/health"))
                .toList();
    }
}
