package com.foobar.webserver;

import com.foobar.http.transport.Fabric;
import com.foobar.kernel.config.Layers;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.config.Text;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.ScriptedBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole web server on a free port of loopback before scripted application servers, configured as a file would. */
final class Web implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(5);
    static final String HOST = "www.foobar.com";

    /** What a test does not say itself. */
    private static final Map<String, String> USUAL = Map.of(
            "check",
            "{path: /health, timeout: 300ms, inter: 100ms, fastinter: 50ms, downinter: 50ms, rise: 1, fall: 2}");

    final Metrics metrics = Metrics.create();
    final WebServer role;
    final Path root;
    private final SystemTime time = new SystemTime("web1");
    private final int port = FreePorts.one();
    private final Path data;
    private final List<WebPlan.Member> applications;

    /** Application servers as a machine of their own would have them: none of them near. */
    static Web started(Path folder, List<ScriptedBackend> applications, String... lines) throws Exception {
        List<WebPlan.Member> members =
                applications.stream().map(one -> member(one, false)).toList();
        return of(folder, members, lines).start();
    }

    static WebPlan.Member member(ScriptedBackend one, boolean local) {
        return new WebPlan.Member(one.name(), "127.0.0.1", one.port(), local);
    }

    static Web of(Path folder, List<WebPlan.Member> applications, String... lines) throws IOException {
        return new Web(folder, applications, lines);
    }

    private Web(Path folder, List<WebPlan.Member> applications, String... lines) throws IOException {
        this.applications = applications;
        this.data = folder.resolve("data");
        this.root = Files.createDirectories(folder.resolve("root"));
        file("index.html", "first page");
        this.role = new WebServer(
                "web1", 0, plan(lines), data, time, WebMetrics.of(metrics), new Fabric(Fabric.Kind.AUTO, time));
    }

    Web start() throws StartFailure {
        try {
            role.start();
            return this;
        } catch (StartFailure failure) {
            close();
            throw failure;
        }
    }

    WebPlan plan(String... lines) {
        List<String> yaml = new ArrayList<>(List.of(lines));
        USUAL.forEach((key, value) -> usually(yaml, key, value));
        usually(yaml, "root", root.toString());
        usually(yaml, "trusted", "[127.0.0.2/32]");
        Text text = new Text("web.yaml", String.join("\n", yaml) + "\n");
        Reading<WebserverSettings> reading =
                Settings.read(WebserverSettings.class, new Layers(text, Map.of(), List.of()));
        WebserverSettings settings = reading.value().orElseThrow(() -> new AssertionError(reading.problems()));
        return new WebPlan(
                settings,
                List.of(HOST),
                "127.0.0.1",
                port,
                List.of("127.0.0.3"),
                List.of(),
                Duration.ZERO,
                applications,
                Optional.empty(),
                true);
    }

    private static void usually(List<String> yaml, String key, String value) {
        if (yaml.stream().noneMatch(line -> line.startsWith(key + ":"))) {
            yaml.add(key + ": " + value);
        }
    }

    void reload(String... lines) throws ChangeRefused {
        role.prepare(plan(lines)).commit();
    }

    void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    Path uploads() {
        return data.resolve("uploads");
    }

    int port() {
        return port;
    }

    RawHttp connect() {
        return RawHttp.connect(port).patience(PATIENCE);
    }

    RawResponse get(String target, String... fields) {
        try (RawHttp client = connect()) {
            return get(client, target, fields);
        }
    }

    static RawResponse get(RawHttp client, String target, String... fields) {
        return client.send(head("GET", target, fields)).response();
    }

    static String head(String method, String target, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return method + " " + target + " HTTP/1.1\r\nHost: " + HOST + "\r\n" + more + "\r\n";
    }

    static String post(String target, String body) {
        return head("POST", target, "Content-Length: " + body.length()) + body;
    }

    @Override
    public void close() {
        role.close();
        time.close();
    }
}
