package com.foobar.lb;

import com.foobar.http.tier.TierMetrics;
import com.foobar.http.transport.Fabric;
import com.foobar.kernel.config.Layers;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.config.Text;
import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.ScriptedBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One balancer, lb1, in this process with both its ports open, in front of scripted servers. */
final class Stage implements AutoCloseable {
    static final String SITE = "www.foobar.com";

    /** A second certificate or a second name would be another test: long enough for a machine that does much besides. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    final Path data;
    final int http = FreePorts.one();
    final int https = FreePorts.one();
    final Metrics metrics = Metrics.create();
    final LoadBalancer balancer;
    private final SystemTime time = new SystemTime("stage");

    private Stage(Path data, LbSettingsAt settings, boolean expose, List<ScriptedBackend> web) {
        this.data = data;
        this.balancer = new LoadBalancer(
                "lb1",
                0,
                plan(settings.at(http, https), expose, web),
                data,
                time,
                new TierMetrics(metrics, "lb"),
                new Fabric(Fabric.Kind.AUTO, time));
        try {
            balancer.start();
        } catch (StartFailure failure) {
            time.close();
            throw new AssertionError(failure.getMessage() + "; " + failure.cure(), failure);
        }
    }

    /** What a file says but for the ports, which the stage chooses. */
    private interface LbSettingsAt {
        LbSettings at(int http, int https);
    }

    /** The lines are those of the section {@code lb}. */
    static Stage open(Path data, boolean expose, List<ScriptedBackend> web, String... yaml) {
        return new Stage(data, (http, https) -> settings(http, https, yaml), expose, web);
    }

    static LbSettings settings(int http, int https, String... yaml) {
        List<String> lines = new ArrayList<>(List.of("http: " + http, "https: " + https, "io-threads: 2"));
        lines.addAll(List.of(yaml));
        if (lines.stream().noneMatch(line -> line.startsWith("check:"))) {
            // Servers shall be asked what the test asks, and nothing else.
            lines.add("check: {kind: none}");
        }
        Text text = new Text("lb.yaml", String.join("\n", lines) + "\n");
        Reading<LbSettings> reading = Settings.read(LbSettings.class, new Layers(text, Map.of(), List.of()));
        return reading.value()
                .orElseThrow(() -> new AssertionError(reading.problems().toString()));
    }

    static LbPlan plan(LbSettings settings, boolean expose, List<ScriptedBackend> web) {
        return new LbPlan(
                settings,
                SITE,
                "127.0.0.1",
                web.stream()
                        .map(server -> new LbPlan.Member(server.name(), "127.0.0.1", server.port(), 1, false))
                        .toList(),
                expose);
    }

    /** With the ports as they are. */
    void reload(List<ScriptedBackend> web, String... yaml) throws ChangeRefused {
        reload(http, web, yaml);
    }

    void reload(int port, List<ScriptedBackend> web, String... yaml) throws ChangeRefused {
        balancer.prepare(plan(settings(port, https, yaml), false, web)).commit();
    }

    RawHttp client() {
        return RawHttp.connect(http);
    }

    /** One request on a connection of its own. */
    RawResponse get(String path, String... headers) {
        try (RawHttp client = client()) {
            return ask(client, path, headers);
        }
    }

    static RawResponse ask(RawHttp client, String path, String... headers) {
        List<String> lines = new ArrayList<>(List.of("GET " + path + " HTTP/1.1", "Host: " + SITE));
        lines.addAll(List.of(headers));
        return client.patience(PATIENCE).sendLines(lines.toArray(String[]::new)).response();
    }

    /** The access log once it has that many lines, each of which must be one JSON object. */
    List<Map<?, ?>> log(int lines) {
        Path file = data.resolve("logs").resolve("access-lb1.jsonl");
        return Await.until(
                        "the access log has " + lines + " lines",
                        PATIENCE,
                        () -> read(file),
                        seen -> seen.size() >= lines)
                .stream()
                .<Map<?, ?>>map(Stage::object)
                .toList();
    }

    /** The line of that request, once it is there. */
    Map<?, ?> logged(String id) {
        return Await.until(
                        "the access log has the request " + id,
                        PATIENCE,
                        () -> log(0).stream()
                                .filter(line -> id.equals(line.get("id")))
                                .toList(),
                        found -> !found.isEmpty())
                .get(0);
    }

    private static List<String> read(Path file) {
        try {
            String text = Files.exists(file) ? Files.readString(file) : "";
            // What has no line end yet is still being written.
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<?, ?> object(String line) {
        try {
            if (Json.parse(line) instanceof Map<?, ?> object) {
                return object;
            }
        } catch (JsonSyntaxException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
        throw new AssertionError("not an object: " + line);
    }

    @Override
    public void close() {
        balancer.close();
        time.close();
    }
}
