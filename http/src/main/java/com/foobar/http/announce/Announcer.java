package com.foobar.http.announce;

import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells all balancers of one server at once, and waits for none of them longer than its patience. Said this way rather than
 * found out by checks, because between the close of a port and the check that notices it requests fail.
 */
public final class Announcer {
    private final String server;
    private final String path;
    private final List<BalancerDoor> balancers;
    private final Duration patience;

    /**
     * @param pool the name of the pool the server is in, as the balancers call it
     * @param patience for each balancer; they are told at the same time, so also for all of them
     */
    public Announcer(String pool, String server, List<BalancerDoor> balancers, Duration patience) {
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("a patience of " + patience + " waits for nobody");
        }
        this.server = server;
        this.path = "/pools/" + pool + "/" + server;
        this.balancers = List.copyOf(balancers);
        this.patience = patience;
    }

    /** Returns when every balancer has answered or had its time. It throws nothing a balancer does. */
    public Told tell(Announcement what) throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool(Threads.named(server, "announce"));
        try {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    // A proxy of the machine's has no business between the tiers.
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .connectTimeout(patience)
                    .executor(threads)
                    .build();
            Map<String, CompletableFuture<Answer>> asked = new LinkedHashMap<>();
            for (BalancerDoor one : balancers) {
                asked.put(one.balancer(), ask(client, one, what));
            }
            return new Told(await(asked));
        } finally {
            threads.shutdownNow();
        }
    }

    private CompletableFuture<Answer> ask(HttpClient client, BalancerDoor one, Announcement what) {
        HttpRequest request = HttpRequest.newBuilder(uri(one.address()))
                .timeout(patience)
                .header("Authorization", "Bearer " + one.token().reveal())
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(what.json()))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                // The client's own time ends with the head of an answer; its body may drip.
                .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
                .handle((response, failure) -> failure == null
                        ? Answer.of(one, path, response.statusCode())
                        : Answer.none(one, said(failure)));
    }

    private URI uri(HostPort address) {
        try {
            return new URI("http", null, address.host(), address.port(), path, null, null);
        } catch (URISyntaxException odd) {
            throw new IllegalArgumentException("no balancer can be told about " + path + ": " + odd.getMessage(), odd);
        }
    }

    private String said(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (cause instanceof TimeoutException || cause instanceof java.net.http.HttpTimeoutException) {
            return "no answer within " + patience.toMillis() + " ms";
        }
        String message = cause instanceof IOException ? cause.getMessage() : cause.toString();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static Map<String, Answer> await(Map<String, CompletableFuture<Answer>> asked) throws InterruptedException {
        Map<String, Answer> answers = new LinkedHashMap<>();
        for (Map.Entry<String, CompletableFuture<Answer>> one : asked.entrySet()) {
            try {
                answers.put(one.getKey(), one.getValue().get());
            } catch (ExecutionException bug) {
                throw new IllegalStateException("an announcement failed in an unforeseen way", bug);
            }
        }
        return answers;
    }
}
