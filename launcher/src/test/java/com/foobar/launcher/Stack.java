package com.foobar.launcher;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Passwords;
import com.foobar.database.act.Bounds;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.act.Target;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Sql;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged jar with the demo's topology on ports of its own, in one process or in several, asked through its front door. */
final class Stack implements AutoCloseable {
    private static final Path JAR = Path.of("target", "launcher.jar").toAbsolutePath();
    /** Two cores may be shared with a dozen others. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final String SECRET = "a secret of tests, and of nobody else";
    private static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(5), Duration.ofSeconds(20));

    final int http = FreePorts.one();
    private final int web = FreePorts.block(2).get(0);
    private final int app = FreePorts.block(2).get(0);
    private final int data = FreePorts.block(3).get(0);
    private final int quorum = FreePorts.block(3).get(0);
    private final int keeper = FreePorts.one();
    private final Path folder;
    private final Children children = new Children();
    private final List<Child> started = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    Stack(Path folder) {
        this.folder = folder;
    }

    /** A process of these roles; waits until it says that it is ready. */
    Child start(String name, int admin, String... more) {
        Child child = begin(name, admin, more);
        child.awaitLine(".* is ready after .*", PATIENCE);
        return child;
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
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Until an entry can be written and read: the site's tables are made after the first primary. */
    void awaitService() {
        try {
            Await.until(
                    "the site takes an entry",
                    PATIENCE,
                    () -> send(post("first")).statusCode() == 201);
            Await.until(
                    "sessions are kept",
                    PATIENCE,
                    () -> send(request("/api/session")).statusCode() == 200);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the processes have said:\n" + String.join("\n", said()), e);
        }
    }

    private List<String> said() {
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
        int number = Integer.parseInt(node.substring(2));
        Passwords passwords = Passwords.derivedFrom(Secret.parse(SECRET));
        Target target = new Target(
                new HostPort("127.0.0.1", data + number - 1),
                Dialects.MARIADB,
                passwords.of(Duty.COORDINATOR),
                Optional.empty());
        try (NodeSession session = NodeSession.open(target, BOUNDS)) {
            for (String one : sql) {
                Object unused = session.ask(Sql.of(one), BOUNDS.answer());
            }
        }
    }

    @Override
    public void close() {
        children.close();
    }
}
