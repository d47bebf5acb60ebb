package com.foobar.launcher.admin;

import com.foobar.kernel.json.JsonWriter;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.launcher.supervise.ReloadAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides what the admin port answers; {@link AdminPort} carries it. */
public final class AdminDesk {
    private static final Duration RELOAD_PATIENCE = Duration.ofSeconds(30);
    private static final List<Page> PAGES = List.of(
            new Page("GET", "/live", "200 while the process runs"),
            new Page("GET", "/ready", "200 when every role here wants work, else 503 and the reason"),
            new Page("GET", "/metrics", "Prometheus text format"),
            new Page("GET", "/topology", "JSON: every server and role"),
            new Page("POST", "/reload", "reads the configuration again (bearer token)"),
            new Page("PUT", PoolDesk.PREFIX, "POOL/BACKEND: orders a server out or in (bearer token)"),
            new Page("GET", DatabaseDesk.DOCUMENT, "JSON: who is primary; ?after=EPOCH.VERSION&wait=5s waits for news"),
            new Page(
                    "POST",
                    DatabaseDesk.PREFIX,
                    "switchover, failover, rejoin, join, drain, ready, maintenance, backup (bearer token)"));

    private record Page(String method, String path, String does) {
        boolean is(String asked) {
            return path.equals(asked) || (path.length() > 1 && path.endsWith("/") && asked.startsWith(path));
        }
    }

    private final Token token;
    private final Metrics metrics;
    private final Supplier<Readiness> readiness;
    private final Supplier<Map<String, ?>> topology;
    private final PoolDesk pools;
    private final DatabaseDesk database;
    private final Supplier<Future<ReloadAnswer>> reload;

    public AdminDesk(
            Token token,
            Metrics metrics,
            Supplier<Readiness> readiness,
            Supplier<Map<String, ?>> topology,
            PoolDesk pools,
            DatabaseDesk database,
            Supplier<Future<ReloadAnswer>> reload) {
        this.token = token;
        this.metrics = metrics;
        this.readiness = readiness;
        this.topology = topology;
        this.pools = pools;
        this.database = database;
        this.reload = reload;
    }

    /** Mostly at once; who waits for news or for a change of the database's topology keeps no thread waiting. */
    CompletableFuture<Answer> answer(Question question) throws IOException, InterruptedException {
        Page page = page(question.path());
        if (page != null && allows(page, question.method())) {
            if (page.path().equals(DatabaseDesk.DOCUMENT)) {
                return database.document(question.query());
            }
            if (page.path().equals(DatabaseDesk.PREFIX) && token.admits(question.authorization())) {
                return database.order(question.path(), question.body());
            }
        }
        return CompletableFuture.completedFuture(answerNow(question));
    }

    private Answer answerNow(Question question) throws IOException, InterruptedException {
        Page page = page(question.path());
        if (page == null) {
            return Answer.text(404, "nothing at " + shown(question.path()) + "; GET / lists what there is");
        }
        if (!allows(page, question.method())) {
            String allow = page.method().equals("GET") ? "GET, HEAD" : page.method();
            return Answer.text(405, page.path() + " takes " + allow).with("Allow", allow);
        }
        if (!page.method().equals("GET") && !token.admits(question.authorization())) {
            return Answer.text(401, "this changes something and needs the bearer token: -H 'Authorization: Bearer …'")
                    .with("WWW-Authenticate", "Bearer");
        }
        return switch (page.path()) {
            case "/live" -> Answer.text(200, "live");
            case "/ready" -> ready(readiness.get());
            case "/metrics" -> metrics(question.accept());
            case "/topology" ->
                Answer.json(200, new JsonWriter().any(topology.get()).toString());
            case "/reload" -> reloaded();
            case PoolDesk.PREFIX -> pools.order(question.path(), question.body());
            default -> index();
        };
    }

    private static @Nullable Page page(String path) {
        if (path.equals("/")) {
            return new Page("GET", "/", "");
        }
        return PAGES.stream().filter(page -> page.is(path)).findFirst().orElse(null);
    }

    private static boolean allows(Page page, String method) {
        return page.method().equals(method) || (page.method().equals("GET") && method.equals("HEAD"));
    }

    /** What came from outside is not echoed at length. */
    private static String shown(String path) {
        return path.length() <= 60 ? path : path.substring(0, 60) + "…";
    }

    private static Answer ready(Readiness readiness) {
        return Answer.text(readiness.ready() ? 200 : 503, readiness.reason());
    }

    private Answer metrics(@Nullable String accept) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16_384);
        metrics.write(out, accept);
        return new Answer(200, Metrics.contentType(accept), out.toString(StandardCharsets.UTF_8), Map.of());
    }

    private Answer reloaded() throws InterruptedException {
        try {
            ReloadAnswer answer = reload.get().get(RELOAD_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            String json = new JsonWriter()
                    .any(Map.of("changed", answer.changed(), "lines", answer.lines()))
                    .toString();
            return Answer.json(answer.changed() ? 200 : 422, json);
        } catch (TimeoutException slow) {
            return Answer.text(504, "the reload did not end within " + RELOAD_PATIENCE.toSeconds() + " s; see the log");
        } catch (ExecutionException failed) {
            return Answer.text(500, "the reload failed: " + failed.getCause());
        }
    }

    private static Answer index() {
        StringBuilder text = new StringBuilder("foobar admin port\n");
        PAGES.forEach(page -> text.append(String.format("%n  %-5s%-11s %s", page.method(), page.path(), page.does())));
        return Answer.text(200, text.toString());
    }
}
