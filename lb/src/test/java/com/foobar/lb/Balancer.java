package com.foobar.lb;

import com.foobar.http.pool.Operator;
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
import com.foobar.testkit.Request;
import com.foobar.testkit.ScriptedBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A whole balancer on a free port of loopback before scripted backends, configured as a file would, with checks a test can wait for. */
final class Balancer implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What a test does not say itself, by key. */
    private static final Map<String, String> USUAL = Map.of(
            "https", "0",
            "check",
                    "{path: /health, timeout: 300ms, inter: 100ms, fastinter: 50ms, downinter: 50ms, rise: 1, fall: 2}");

    final LoadBalancer role;
    private final SystemTime time = new SystemTime("lb1");
    private final int port = FreePorts.one();
    private final Path data;
    private final LbPlan plan;

    /**
     * Not started yet.
     *
     * @param lines of the section lb, one key each
     */
    Balancer(Path data, List<ScriptedBackend> backends, String... lines) {
        this.data = data;
        this.plan = plan(backends, lines);
        this.role = new LoadBalancer(
                "lb1",
                0,
                plan,
                data,
                time,
                new TierMetrics(Metrics.create(), "lb"),
                new Fabric(Fabric.Kind.AUTO, time));
    }

    static Balancer started(Path data, List<ScriptedBackend> backends, String... lines) throws StartFailure {
        Balancer balancer = new Balancer(data, backends, lines);
        try {
            balancer.role.start();
            return balancer;
        } catch (StartFailure failure) {
            balancer.close();
            throw failure;
        }
    }

    private LbPlan plan(List<ScriptedBackend> backends, String... lines) {
        Map<String, String> keys = new LinkedHashMap<>(USUAL);
        keys.put("http", Integer.toString(port));
        for (String line : lines) {
            String[] parts = line.split(": ", 2);
            keys.put(parts[0], parts[1]);
        }
        StringBuilder yaml = new StringBuilder();
        keys.forEach((key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
        Reading<LbSettings> reading =
                Settings.read(LbSettings.class, new Layers(new Text("lb.yaml", yaml.toString()), Map.of(), List.of()));
        LbSettings settings = reading.value().orElseThrow(() -> new AssertionError(reading.problems()));
        List<LbPlan.Member> members = backends.stream()
                .map(one -> new LbPlan.Member(one.name(), "127.0.0.1", one.port(), 1, false))
                .toList();
        return new LbPlan(settings, "www.foobar.com", "127.0.0.1", members, true);
    }

    /** The same plan again, as after a change elsewhere in the file. */
    void reload() throws ChangeRefused {
        role.prepare(plan).commit();
    }

    /** Another plan. */
    void reload(List<ScriptedBackend> backends, String... lines) throws ChangeRefused {
        role.prepare(plan(backends, lines)).commit();
    }

    int port() {
        return port;
    }

    RawHttp connect() {
        return RawHttp.connect(port);
    }

    /** Over a connection of its own. */
    RawResponse get(String target) {
        try (RawHttp client = connect()) {
            return get(client, target);
        }
    }

    static RawResponse get(RawHttp client, String target) {
        return client.sendLines("GET " + target + " HTTP/1.1", "Host: localhost")
                .response();
    }

    static RawResponse post(RawHttp client, String target, String body) {
        return client.send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .response();
    }

    void order(String backend, Operator state) throws IOException {
        order(backend, Optional.of(state), Optional.empty());
    }

    void order(String backend, Optional<Operator> state, Optional<Integer> weight) throws IOException {
        if (!role.order(LbPlan.WEB, backend, state, weight)) {
            throw new AssertionError("the balancer does not know " + backend);
        }
    }

    /** One fact about a server of the web tier, as the topology shows it. */
    String fact(String backend, String fact) {
        for (Object one : (List<?>) role.pools().get(0).getOrDefault("backends", List.of())) {
            Map<?, ?> facts = (Map<?, ?>) one;
            if (backend.equals(facts.get("name"))) {
                return String.valueOf(facts.get(fact));
            }
        }
        throw new AssertionError("no server " + backend + " in " + role.pools());
    }

    void awaitFact(String backend, String fact, String value) {
        String unused =
                Await.until(backend + " has " + fact + " " + value, PATIENCE, () -> fact(backend, fact), value::equals);
    }

    /** The lines of the access log that match, as soon as there are so many. */
    List<Map<?, ?>> awaitAccess(int count, Predicate<Map<?, ?>> which) {
        return Await.until(
                "the access log has " + count + " lines",
                PATIENCE,
                () -> access().stream().filter(which).toList(),
                lines -> lines.size() >= count);
    }

    private List<Map<?, ?>> access() {
        List<Map<?, ?>> lines = new ArrayList<>();
        try {
            for (String line : Files.readString(data.resolve("logs").resolve("access-lb1.jsonl"))
                    .split("\n")) {
                if (line.endsWith("}") && parsed(line) instanceof Map<?, ?> facts) {
                    lines.add(facts);
                }
            }
        } catch (NoSuchFileException early) {
            return List.of();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return lines;
    }

    /** The last line may be half written while it is read. */
    private static @Nullable Object parsed(String line) {
        try {
            return Json.parse(line);
        } catch (JsonSyntaxException half) {
            return null;
        }
    }

    /** What a backend was asked by clients; the checks left aside. */
    static List<Request> asked(ScriptedBackend backend) {
        return backend.requests().stream()
                .filter(request -> !request.target().startsWith("/health"))
                .toList();
    }

    @Override
    public void close() {
        role.close();
        time.close();
    }
}
