package com.foobar.launcher;

import com.foobar.appserver.data.Accounts;
import com.foobar.appserver.data.RoutingDataSource;
import com.foobar.appserver.data.TopologyNews;
import com.foobar.database.Cluster;
import com.foobar.database.ClusterTls;
import com.foobar.database.DatabasePlan;
import com.foobar.database.DatabaseSettings;
import com.foobar.database.account.Duty;
import com.foobar.database.account.Passwords;
import com.foobar.database.act.Bounds;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.act.Target;
import com.foobar.database.coordinator.Coordinator;
import com.foobar.database.coordinator.CoordinatorStatus;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Row;
import com.foobar.database.dialect.Sql;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Receiver;
import com.foobar.database.remote.Access;
import com.foobar.database.remote.RemoteNews;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.tls.DevelopmentAuthority;
import com.foobar.kernel.tls.KeyMaterial;
import com.foobar.kernel.tls.ServerNames;
import com.foobar.kernel.tls.TrustStore;
import com.foobar.kernel.value.HostPort;
import com.foobar.launcher.topology.DatabaseLayout;
import com.foobar.launcher.topology.Read;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import com.foobar.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** The database part of three machines on three addresses of loopback, each with a certificate of its own, in this JVM. */
final class SecureMachines implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(2), Duration.ofSeconds(5));
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    /** Appended to the name of an authority: its certificates, and a file of both authorities. */
    static final String TRUSTING_BOTH = "-trusting-both";

    private final Path folder;
    private final SystemTime time = new SystemTime("secure-machines");
    private final Map<Integer, Cluster> running = new ConcurrentHashMap<>();
    private final Map<Integer, String> addresses = new TreeMap<>();
    private final List<TopologyNews> told = new ArrayList<>();

    SecureMachines(Path folder) throws Exception {
        this.folder = folder;
        long own = ProcessHandle.current().pid();
        for (int machine = 1; machine <= 3; machine++) {
            addresses.put(machine, "127." + (1 + own / 250 % 250) + "." + own % 250 + "." + (30 + machine));
        }
        for (String authority : List.of("ours", "theirs")) {
            DevelopmentAuthority issuer = DevelopmentAuthority.open(folder.resolve(authority), time);
            for (Map.Entry<Integer, String> one : addresses.entrySet()) {
                KeyMaterial unused = issuer.leaf(
                        "m" + one.getKey(),
                        ServerNames.of(List.of(one.getValue()), List.of(InetAddress.getByName(one.getValue()))));
            }
        }
        for (String authority : List.of("ours", "theirs")) {
            trustBoth(folder.resolve(authority), folder.resolve(authority + TRUSTING_BOTH));
        }
    }

    private void trustBoth(Path certificates, Path copy) throws IOException {
        Files.createDirectories(copy);
        for (int machine : addresses.keySet()) {
            Path unused =
                    Files.copy(certificates.resolve("m" + machine + ".pem"), copy.resolve("m" + machine + ".pem"));
        }
        Path unused = Files.writeString(
                copy.resolve("ca.pem"),
                Files.readString(folder.resolve("ours/ca.pem")) + Files.readString(folder.resolve("theirs/ca.pem")));
    }

    /** What the file on that machine says, with certificates of that authority. */
    private Topology topology(int machine, String authority) {
        Path certificates = folder.resolve(authority);
        return Read.topology(
                """
                servers:
                  m1: { address: %s, roles: [lb, webserver, appserver, database-cluster] }
                  m2: { address: %s, roles: [database-cluster] }
                  m3: { address: %s, roles: [database-cluster] }
                database-cluster:
                  secret: a secret of three machines
                  buffer-pool: 16MiB
                  tls: { certificate: %s, key: %s, authority: %s }
                """
                        .formatted(
                                addresses.get(1),
                                addresses.get(2),
                                addresses.get(3),
                                certificates.resolve("m" + machine + ".pem"),
                                certificates.resolve("m" + machine + ".pem"),
                                certificates.resolve("ca.pem")));
    }

    private DatabasePlan plan(int machine, String authority) throws Exception {
        Topology topology = topology(machine, authority);
        return DatabaseLayout.of(topology)
                .plan(
                        Selection.of(topology, "m" + machine, Set.of()),
                        new DatabasePlan.Places(
                                folder.resolve("data" + machine),
                                TARGET.resolve("engine-cache"),
                                List.of(),
                                List.of(TARGET.resolve("lib").resolve("db"))))
                .orElseThrow();
    }

    void startAll(String authority) {
        IntStream.rangeClosed(1, 3).parallel().forEach(machine -> {
            try {
                start(machine, authority);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    void start(int machine, String authority) throws Exception {
        Cluster cluster = new Cluster(plan(machine, authority), Metrics.create(), time);
        running.put(machine, cluster);
        cluster.start();
    }

    void stop(int machine) {
        Cluster cluster = Objects.requireNonNull(running.remove(machine));
        cluster.drain(Duration.ofSeconds(10));
        cluster.close();
    }

    private Optional<CoordinatorStatus> status() {
        return running.values().stream()
                .flatMap(one -> one.leader().stream())
                .map(Coordinator::status)
                .filter(CoordinatorStatus::isInOffice)
                .findFirst();
    }

    String primary() {
        return reign().primary().text();
    }

    long epoch() {
        return reign().epoch().number();
    }

    private ClusterRecord reign() {
        return Await.until(
                "a primary is in office",
                SOON,
                () -> status().map(CoordinatorStatus::record).orElse(null),
                Objects::nonNull);
    }

    void awaitFollowers(long number) {
        Await.until(number + " follow", SOON, () -> followers() == number);
    }

    /** As the coordinator sees it that leads. */
    long followers() {
        return status().map(now -> now.view().nodes().values().stream()
                        .filter(SecureMachines::follows)
                        .count())
                .orElse(-1L);
    }

    private static boolean follows(NodeView view) {
        var state = view.state();
        return view.isAnswered() && state != null && state.receiver().state() == Receiver.State.RUNNING;
    }

    /** By the coordinator that leads, loaded and compared. */
    String backup() throws Exception {
        Cluster leading = running.values().stream()
                .filter(one -> one.leader().isPresent())
                .findFirst()
                .orElseThrow();
        return leading.backup(folder.resolve("backups"), 0, true);
    }

    /** A machine whose node is another. */
    int without(String node) {
        return node.equals("db3") ? 2 : 3;
    }

    boolean isLedBy(int machine) {
        return Objects.requireNonNull(running.get(machine)).leader().isPresent();
    }

    boolean knowsALeader(int machine) {
        return Objects.requireNonNull(running.get(machine))
                .spokesman()
                .map(Coordinator::status)
                .flatMap(CoordinatorStatus::leader)
                .isPresent();
    }

    boolean isReached(int machine) {
        return status().map(now -> now.view().nodes().values().stream()
                        .anyMatch(view -> view.name().text().equals("db" + machine) && view.isAnswered()))
                .orElse(false);
    }

    /** The process of that node's server. */
    ProcessHandle server(String node) throws IOException {
        Path file = folder.resolve("data" + node.substring(2))
                .resolve("database")
                .resolve(node)
                .resolve("server.pid");
        return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
    }

    private DatabaseSettings settings(String authority) {
        return topology(1, authority).databaseCluster();
    }

    private Passwords passwords() throws StartFailure {
        return settings("ours").passwords(folder.resolve("client"));
    }

    private Optional<ClusterTls> tls(String authority) throws StartFailure {
        return ClusterTls.of(settings(authority), folder.resolve("client-" + authority), time);
    }

    Optional<TrustStore> trust(String authority) throws StartFailure {
        return tls(authority).map(ClusterTls::trust);
    }

    /** As an application server makes them. */
    Accounts accounts(String authority) throws StartFailure {
        return Crew.accounts(settings(authority), passwords(), tls(authority));
    }

    Accounts accountsWithoutTls() throws StartFailure {
        return Crew.accounts(settings("ours"), passwords(), Optional.empty());
    }

    RoutingDataSource dataSource(Accounts accounts) throws StartFailure {
        return dataSource("ours", accounts);
    }

    /** Told who is primary over lines with TLS, as application servers are. */
    RoutingDataSource dataSource(String authority, Accounts accounts) throws StartFailure {
        Access access = new Access(
                passwords().of(Duty.COORDINATOR).password(), tls(authority).map(ClusterTls::lines));
        List<RemoteNews> desks = addresses.values().stream()
                .map(address ->
                        new RemoteNews(new HostPort(address, settings("ours").keeperPort()), access, time))
                .toList();
        TopologyNews news = new AskedNews(desks, settings("ours").name(), time);
        told.add(news);
        Await.until("the news are heard", SOON, () -> news.newest().isPresent());
        return new RoutingDataSource(
                "test", accounts, topology(1, "ours").appserver().data(), news, time);
    }

    List<Row> ask(String node, Duty duty, String sql) throws StartFailure, NodeFailure {
        return ask(node, duty, trust("ours"), sql);
    }

    List<Row> ask(String node, Duty duty, Optional<TrustStore> trust, String sql) throws StartFailure, NodeFailure {
        String address = Objects.requireNonNull(addresses.get(Integer.parseInt(node.substring(2))));
        Target target = new Target(
                new HostPort(address, settings("ours").port()),
                Dialects.MARIADB,
                passwords().of(duty),
                trust);
        String schema = duty == Duty.READER ? settings("ours").schema() : "";
        try (NodeSession session = NodeSession.open(target, BOUNDS, schema)) {
            return session.ask(Sql.of(sql), BOUNDS.answer());
        }
    }

    @Override
    public void close() {
        told.forEach(TopologyNews::close);
        running.values().parallelStream().forEach(Cluster::close);
        time.close();
    }
}
