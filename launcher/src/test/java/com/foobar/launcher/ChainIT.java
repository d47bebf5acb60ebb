package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Header;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Balancer and web server of the packaged jar, in one process and over sockets: nobody outside can tell which it is. */
class ChainIT {
    private static final Path JAR = Path.of("target", "launcher.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What differs from one request to the next, whatever the way. */
    private static final Set<String> VARYING = Set.of("date", "x-request-id", "etag", "last-modified");

    @TempDir
    Path temp;

    private final Children children = new Children();
    private final ScriptedBackend app = ScriptedBackend.scripted("app1", ChainIT::answer);

    @AfterEach
    void end() {
        children.close();
        app.close();
    }

    private static Script answer(Request request) {
        if (request.header("Upgrade") != null) {
            return Script.script()
                    .write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                    .echo();
        }
        return Script.answer(
                request.target().startsWith("/teapot") ? 418 : 200,
                request.method() + " " + request.target() + " " + request.text() + " for "
                        + request.header("X-Forwarded-For") + " by " + request.header("X-Forwarded-Proto") + " via "
                        + request.header("Via"),
                "X-Served-By: app1");
    }

    @Test
    void directlyAndOverSocketsTheAnswersAreTheSame() throws Exception {
        Path root = Files.createDirectories(temp.resolve("root"));
        Files.writeString(root.resolve("index.html"), "<p>" + "first page ".repeat(300) + "</p>");
        Files.writeString(root.resolve("404.html"), "not here");
        Map<String, List<String>> direct = answers("auto");
        Map<String, List<String>> sockets = answers("sockets");
        assertThat(direct).isEqualTo(sockets);
        assertThat(direct.get("GET /")).contains("x-served-by: lb1, web1").anyMatch(line -> line.startsWith("200 "));
        assertThat(direct.get("POST /api")).contains("x-served-by: lb1, web1, app1");
        assertThat(direct.get("upgrade")).containsExactly("101", "hello");
    }

    private Map<String, List<String>> answers(String fabric) throws Exception {
        int http = FreePorts.one();
        Path conf = temp.resolve(fabric + ".yaml");
        Files.writeString(
                conf,
                """
                expose: true
                fabric: %s
                servers: { a: { address: 127.0.0.1, roles: [lb, webserver, appserver, database-cluster] } }
                lb: { http: %d, https: 0, check: { rise: 1 } }
                webserver: { port: %d, root: '%s', errors: { "404": 404.html } }
                appserver: { port: %d }
                admin: { port: %d }
                """
                        .formatted(fabric, http, FreePorts.one(), temp.resolve("root"), app.port(), FreePorts.one()));
        var process = children.start(
                fabric,
                Children.java(
                        "-jar",
                        JAR.toString(),
                        "--role",
                        "lb,web",
                        "--conf",
                        conf.toString(),
                        "--data",
                        temp.resolve(fabric).toString()));
        process.awaitLine(".* is ready after .*", PATIENCE);
        Map<String, List<String>> answers = new LinkedHashMap<>();
        try (RawHttp client = RawHttp.connect(http)) {
            say(answers, "GET /", client, "GET / HTTP/1.1");
            say(answers, "gzip", client, "GET / HTTP/1.1", "Accept-Encoding: gzip");
            say(answers, "range", client, "GET / HTTP/1.1", "Range: bytes=1-5");
            say(answers, "refused", client, "GET /.git/config HTTP/1.1");
            say(answers, "405", client, "DELETE / HTTP/1.1");
            say(answers, "418", client, "GET /teapot?a=b HTTP/1.1", "X-Forwarded-For: 192.0.2.1");
            say(answers, "POST /api", client, "POST /api HTTP/1.1", "Content-Length: 0");
            client.send(
                    "POST /api HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            answers.put("chunked", told(client.response()));
            client.send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /b HTTP/1.1\r\nHost: localhost\r\n\r\n");
            answers.put("pipelined", told(client.response()));
            answers.put("second", told(client.response()));
            client.sendLines("GET /chat HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket");
            String status = String.valueOf(client.anyResponse().status());
            answers.put(
                    "upgrade",
                    List.of(
                            status,
                            new String(client.send("hello").readBytes(5), java.nio.charset.StandardCharsets.US_ASCII)));
        }
        process.kill();
        return answers;
    }

    private static void say(Map<String, List<String>> answers, String what, RawHttp client, String... lines) {
        List<String> request = new ArrayList<>(List.of(lines));
        request.add("Host: localhost");
        answers.put(what, told(client.sendLines(request.toArray(String[]::new)).response()));
    }

    private static List<String> told(RawResponse response) {
        List<String> lines = new ArrayList<>();
        lines.add(response.status() + " " + response.latin1().replaceAll("Request [0-9a-z]{26}", "Request"));
        for (Header header : response.headers()) {
            String name = header.name().toLowerCase(java.util.Locale.ROOT);
            if (!VARYING.contains(name)) {
                lines.add(name + ": " + header.value());
            }
        }
        return lines.stream().sorted().toList();
    }
}
