package com.foobar.appserver;

import com.foobar.appserver.container.AppMetrics;
import com.foobar.appserver.container.Container;
import com.foobar.appserver.container.Generation;
import com.foobar.appserver.deploy.ApplicationState;
import com.foobar.http.transport.Fabric;
import com.foobar.kernel.config.Layers;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.config.Text;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A whole application server on a free port of loopback, configured as a file would; asked over its socket. */
public final class App implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final AppServer role;
    final Metrics metrics = Metrics.create();
    final Path apps;
    final int port;
    private final SystemTime time = new SystemTime("app1");

    App(Path folder, String... lines) throws IOException {
        this(folder, FreePorts.one(), lines);
    }

    App(Path folder, int port, String... lines) throws IOException {
        this.port = port;
        this.apps = Files.createDirectories(folder.resolve("apps"));
        this.role = new AppServer(
                "app1",
                plan(lines),
                folder.resolve("data"),
                War.environments(),
                Container.Hooks.NONE,
                time,
                new AppMetrics(metrics),
                new Fabric(Fabric.Kind.AUTO, time));
    }

    AppPlan plan(String... lines) {
        String yaml = String.join("\n", lines) + "\napps: " + apps + "\n";
        if (!yaml.contains("look:")) {
            yaml += "look: 50ms\n";
        }
        Text text = new Text("app.yaml", yaml);
        Reading<AppserverSettings> reading =
                Settings.read(AppserverSettings.class, new Layers(text, Map.of(), List.of()));
        AppserverSettings settings = reading.value().orElseThrow(() -> new AssertionError(reading.problems()));
        return new AppPlan(settings, "127.0.0.1", port, List.of("127.0.0.1"), List.of(), Duration.ZERO, true);
    }

    /** An application that answers / with a word. */
    static War saying(String word) {
        return War.of(Generation.EE10).servlet("Word", "/word", "response.getWriter().print(\"" + word + "\");");
    }

    RawHttp connect() {
        return RawHttp.connect(port).patience(PATIENCE);
    }

    RawResponse get(String path) {
        try (RawHttp client = connect()) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: www.foobar.com\r\n\r\n")
                    .response();
        }
    }

    String metrics() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.write(out, null);
        return out.toString(StandardCharsets.UTF_8);
    }

    ApplicationState state(String name) {
        return role.applications().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    void await(String name, ApplicationState.Status status) {
        Await.until(name + " is " + status, PATIENCE, () -> role.applications().stream()
                .anyMatch(one -> one.name().equals(name) && one.status() == status));
    }

    void awaitText(String path, String text) {
        Await.until(path + " says " + text, PATIENCE, () -> get(path).text().equals(text));
    }

    @Override
    public void close() {
        role.close();
        time.close();
    }
}
