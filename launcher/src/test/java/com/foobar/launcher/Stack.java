package com.foobar.launcher;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Passwords;
import com.foobar.database.act.Bounds;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.act.Target;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Row;
import com.foobar.database.dialect.Sql;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged jar with the demo's topology on ports of its own, in one process or in several, asked through its front door. */
final class Stack implements AutoCloseable {
    private static final Path JAR = Path.of("target", "launcher.jar").toAbsolutePath();
    /** Two cores may be shared with a dozen others. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final String SECRET = "a secret of tests, and of nobody else";
    private static final String READY = ".* is ready after .*";
    private static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(5), Duration.ofSeconds(20));

    /** One process each, as on four machines; Linux has all of 127/8 on loopback, so each application server has its own. */
    private static final String APART =
            """
            expose: true
            servers:
              data: { address: 127.0.0.1, roles: [database-cluster, database-cluster, database-cluster] }
              app1: { address: 127.0.0.2, roles: [appserver] }
              app2: { address: 127.0.0.3, roles: [appserver] }
              front: { address: 127.0.0.1, roles: [lb, webserver, webserver] }
            database-cluster: { durability: demo, buffer-pool: 16MiB, keeper-lease: 3s }
            """;

    final int http = FreePorts.one();
    private final int web = FreePorts.block(2).get(0);
    private final int app = FreePorts.block(2).get(0);
    private final int data = FreePorts.block(3).get(0);
    private final int quorum = FreePorts.block(3).get(0);
    private final int keeper = FreePorts.one();
    private final Path folder;
    private final Children children = new Children();
    private final List<Child> started = new ArrayList<>();
    /** Of HTTP/1.1: by default Java's client wishes for an upgrade on each new connection. */
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    Stack(Path folder) {
        this.folder = folder;
    }

    /** A process of these roles; waits until it says that it is ready. */
    Child start(String name, int admin, String... more) {
        Child child = begin(name, admin, more);
        awaitReady(child);
        return child;
    }

    /** The database and nothing else; what follows finds it as it is then. */
    void startData() {
        awaitReady(begin("data", APART));
    }

    /** The tiers before the database, in processes of their own: front, app1, app2. */
    void startTiers() {
        List<Child> all = Stream.of("app1", "app2", "front")
                .map(server -> begin(server, APART))
                .toList();
        all.forEach(Stack::awaitReady);
    }

    static void awaitReady(Child process) {
        String unused = process.awaitLine(READY, PATIENCE);
    }

    /** The process of a server of that topology. */
    Child begin(String server, String topology) {
        try {
            Path conf = Files.writeString(folder.resolve(server + ".yaml"), topology);
            return begin(server, FreePorts.one(), "--conf", conf.toString(), "--server", server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Child process(String name) {
        return started.stream()
                .filter(child -> child.name().equals(name) && child.isAlive())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no living process is called " + name));
    }

    /** Of the database server behind a node, as its pid file has it. */
    ProcessHandle server(String node) {
        try (Stream<Path> files = Files.walk(folder)) {
            Path file = files.filter(path -> path.endsWith(Path.of(node, "server.pid")))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no server.pid of " + node + " below " + folder));
            return ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Child begin(String name, int admin, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "-Xmx256m",
                "-jar",
                JAR.toString(),
                "--data",
                folder.resolve(name).toString()));
        set(words, "admin.port=" + admin);
        set(words, "lb.http=" + http);
        set(words, "lb.https=0");
        set(words, "webserver.port=" + web);
        set(words, "appserver.port=" + app);
        set(words, "database-cluster.port=" + data);
        set(words, "database-cluster.quorum-port=" + quorum);
        set(words, "database-cluster.keeper-port=" + keeper);
        set(words, "database-cluster.secret=" + SECRET);
        words.addAll(List.of(more));
        Child child = children.start(
                name, new ProcessBuilder(Children.java(words.toArray(String[]::new))).directory(folder.toFile()));
        started.add(child);
        return child;
    }

    private static void set(List<String> words, String pair) {
        words.add("--set");
        words.add(pair);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                .timeout(Duration.ofSeconds(30));
    }

    HttpRequest.Builder post(String text) {
        return request("/api/messages")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + text + "\"}"));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Until an entry can be written and read: the site's tables are made after the first primary. */
    void awaitService() {
        try {
            awaitBoth("take an entry", 201, () -> post("first"));
            awaitBoth("keep sessions", 200, () -> request("/api/session"));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the processes have said:\n" + String.join("\n", said()), e);
        }
    }

    /** Each opens the guest book for itself, one a moment after the other. */
    private void awaitBoth(String what, int status, Supplier<HttpRequest.Builder> request) {
        Set<String> well = new TreeSet<>();
        String unused = Await.until(
                "app1 and app2 " + what,
                PATIENCE,
                () -> {
                    HttpResponse<String> answer = send(request.get());
                    if (answer.statusCode() == status) {
                        well.add(Visitor.app(answer));
                    }
                    return well + ", last " + answer.statusCode() + " " + answer.body();
                },
                answer -> answer.startsWith("[app1, app2]"));
    }

    List<String> said() {
        return started.stream().flatMap(child -> child.lines().stream()).toList();
    }

    /** The first group of the expression in the text. */
    static Optional<String> found(String regex, String text) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    String primary() {
        return found("\"write\":\"(db\\d)\"", send(request("/api/whoami")).body())
                .orElseThrow(() -> new AssertionError("nobody takes writes"));
    }

    /** As the coordinator, on the node of that name. */
    void order(String node, String... sql) throws NodeFailure {
        try (NodeSession session = NodeSession.open(target(node, Duty.COORDINATOR), BOUNDS)) {
            for (String one : sql) {
                Object unused = session.ask(Sql.of(one), BOUNDS.answer());
            }
        }
    }

    /** As the account of that duty, on the node of that name and in the site's schema; at most a thousand rows. */
    List<Row> ask(String node, Duty duty, String sql) throws NodeFailure {
        try (NodeSession session = NodeSession.open(target(node, duty), BOUNDS, "app")) {
            return session.ask(Sql.of(sql), BOUNDS.answer());
        }
    }

    private Target target(String node, Duty duty) {
        int number = Integer.parseInt(node.substring(2));
        return new Target(
                new HostPort("127.0.0.1", data + number - 1),
                Dialects.MARIADB,
                Passwords.derivedFrom(Secret.parse(SECRET)).of(duty),
                Optional.empty());
    }

    @Override
    public void close() {
        children.close();
    }
}
