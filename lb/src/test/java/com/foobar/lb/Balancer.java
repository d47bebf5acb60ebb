package com.foobar.lb;

import com.foobar.http.pool.Operator;
import com.foobar.http.tier.PoolStation;
import com.foobar.http.tier.TierMetrics;
import com.foobar.http.transport.Fabric;
import com.foobar.kernel.config.Layers;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.config.Text;
import com.foobar.kernel.lifecycle.Change;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole balancer, lb1, on a free port of loopback before servers of the test's, configured as a file would. Unless the test
 * says otherwise it has no HTTPS, names the servers in its answers, and checks them in a rhythm that a test can wait for.
 */
final class Balancer implements AutoCloseable {
    static final String SITE = "www.foobar.com";

    /** Long enough for a machine that does much besides. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** For tests whose servers shall be asked what the test asks, and nothing else. */
    static final String UNCHECKED = "check: {kind: none}";

    /** What a test does not say itself, by key. */
    private static final Map<String, String> USUAL = Map.of(
            "https", "0",
            "io-threads", "2",
            "check",
                    "{path: /health, timeout: 300ms, inter: 100ms, fastinter: 50ms, downinter: 50ms, rise: 1, fall: 2}");

    final LoadBalancer role;
    final Metrics metrics = Metrics.create();
    final AccessLines log;
    private final SystemTime time = new SystemTime("lb1");
    private final int port = FreePorts.one();
    private final boolean expose;
    private final LbPlan plan;

    /** Where a server of the web tier is, whoever plays it. */
    record Server(String name, int port) {
        static List<Server> of(List<ScriptedBackend> backends) {
            return backends.stream()
                    .map(one -> new Server(one.name(), one.port()))
                    .toList();
        }
    }

    private Balancer(Path data, boolean expose, List<Server> servers, String... lines) {
        this.expose = expose;
        this.log = new AccessLines(data);
        this.plan = plan(servers, lines);
        this.role = new LoadBalancer(
                "lb1", 0, plan, data, time, new TierMetrics(metrics, "lb"), new Fabric(Fabric.Kind.AUTO, time));
    }

    /**
     * Not started yet.
     *
     * @param lines of the section lb
     */
    static Balancer made(Path data, List<ScriptedBackend> backends, String... lines) {
        return new Balancer(data, true, Server.of(backends), lines);
    }

    static Balancer started(Path data, List<ScriptedBackend> backends, String... lines) {
        return made(data, backends, lines).start();
    }

    /** Before servers that are processes of their own. */
    static Balancer before(Path data, List<Server> servers, String... lines) {
        return new Balancer(data, true, servers, lines).start();
    }

    /** Keeps the names of its servers to itself. */
    static Balancer discreet(Path data, List<ScriptedBackend> backends, String... lines) {
        return new Balancer(data, false, Server.of(backends), lines).start();
    }

    private Balancer start() {
        try {
            role.start();
            return this;
        } catch (StartFailure failure) {
            close();
            throw new AssertionError(failure.getMessage() + "; " + failure.cure(), failure);
        }
    }

    private LbPlan plan(List<Server> servers, String... lines) {
        return plan(port, servers, expose, lines);
    }

    static LbPlan plan(int port, List<Server> servers, boolean expose, String... lines) {
        List<String> yaml = new ArrayList<>(List.of(lines));
        USUAL.forEach((key, value) -> usually(yaml, key, value));
        usually(yaml, "http", Integer.toString(port));
        Text text = new Text("lb.yaml", String.join("\n", yaml) + "\n");
        Reading<LbSettings> reading = Settings.read(LbSettings.class, new Layers(text, Map.of(), List.of()));
        LbSettings settings = reading.value().orElseThrow(() -> new AssertionError(reading.problems()));
        List<LbPlan.Member> members = servers.stream()
                .map(one -> new LbPlan.Member(one.name(), "127.0.0.1", one.port(), 1, false))
                .toList();
        return new LbPlan(settings, SITE, "127.0.0.1", members, expose);
    }

    private static void usually(List<String> yaml, String key, String value) {
        if (yaml.stream().noneMatch(line -> line.startsWith(key + ":"))) {
            yaml.add(key + ": " + value);
        }
    }

    /** The same plan again, as after a change elsewhere in the file. */
    void reload() throws ChangeRefused {
        role.prepare(plan).commit();
    }

    /** Another plan. */
    void reload(List<ScriptedBackend> backends, String... lines) throws ChangeRefused {
        prepared(backends, lines).commit();
    }

    /** Another plan, for the test to commit or to discard. */
    Change prepared(List<ScriptedBackend> backends, String... lines) throws ChangeRefused {
        return role.prepare(plan(Server.of(backends), lines));
    }

    int port() {
        return port;
    }

    RawHttp connect() {
        return RawHttp.connect(port).patience(PATIENCE);
    }

    /** Over a connection of its own. */
    RawResponse get(String target, String... headers) {
        try (RawHttp client = connect()) {
            return get(client, target, headers);
        }
    }

    static RawResponse get(RawHttp client, String target, String... headers) {
        List<String> lines = new ArrayList<>(List.of("GET " + target + " HTTP/1.1", "Host: " + SITE));
        lines.addAll(List.of(headers));
        return client.sendLines(lines.toArray(String[]::new)).response();
    }

    static RawResponse post(RawHttp client, String target, String body) {
        return client.send("POST " + target + " HTTP/1.1\r\nHost: " + SITE + "\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .response();
    }

    void order(String backend, Operator state) throws IOException {
        order(backend, Optional.of(state), Optional.empty());
    }

    void order(String backend, Optional<Operator> state, Optional<Integer> weight) throws IOException {
        if (!station().order(backend, state, weight)) {
            throw new AssertionError("the balancer does not know " + backend);
        }
    }

    /** One fact about a server of the web tier, as the topology shows it. */
    String fact(String backend, String fact) {
        for (Object one : (List<?>) web().getOrDefault("backends", List.of())) {
            Map<?, ?> facts = (Map<?, ?>) one;
            if (backend.equals(facts.get("name"))) {
                return String.valueOf(facts.get(fact));
            }
        }
        throw new AssertionError("no server " + backend + " in " + web());
    }

    /** The web tier, as the topology shows it. */
    Map<String, Object> web() {
        return station().facts();
    }

    /** The web tier. */
    PoolStation station() {
        return role.stations().stream()
                .filter(station -> LbPlan.WEB.equals(station.pool().name()))
                .findFirst()
                .orElseThrow();
    }

    void awaitFact(String backend, String fact, String value) {
        String unused =
                Await.until(backend + " has " + fact + " " + value, PATIENCE, () -> fact(backend, fact), value::equals);
    }

    /** What Prometheus would be told now. */
    String scrape() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.write(out, null);
        return out.toString(StandardCharsets.UTF_8);
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
