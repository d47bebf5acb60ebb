package com.foobar.launcher.admin;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.port.BindFailure;
import com.foobar.kernel.thread.Threads;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port on the JDK's own HTTP server: it must answer when the tiers' HTTP engine is what is broken, and it must not
 * cost a start. Bounded: a few threads, a short queue, small bodies, and slow askers cut off.
 */
public final class AdminPort implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminPort.class);
    private static final int THREADS = 4;
    private static final int WAITING = 64;
    private static final int MOST_BODY = 64 * 1024;

    private final HttpServer server;
    private final ExecutorService threads;

    private AdminPort(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    public static AdminPort open(InetSocketAddress address, AdminDesk desk) throws StartFailure {
        // Seconds in which a request must have come and an answer gone; the JDK reads them once, before the first
        // server.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "40");
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException failed) {
            throw BindFailure.of(address, "admin.port", failed);
        }
        ExecutorService threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(WAITING),
                Threads.named("admin", "port"));
        server.setExecutor(threads);
        server.createContext("/", exchange -> serve(exchange, desk, threads));
        server.start();
        return new AdminPort(server, threads);
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private static void serve(HttpExchange exchange, AdminDesk desk, Executor threads) {
        try {
            CompletableFuture<Answer> answer = answer(exchange, desk);
            if (answer.isDone()) {
                send(exchange, answer.exceptionally(failure -> null).getNow(null));
            } else {
                var unused = answer.whenComplete((found, failure) -> later(exchange, found, threads));
            }
        } catch (IOException gone) {
            exchange.close();
        } catch (RuntimeException bug) {
            log.error("the admin port failed to answer {}", exchange.getRequestURI(), bug);
            exchange.close();
        }
    }

    /** Whoever found the answer has better things to do than to feed a slow asker. */
    private static void later(HttpExchange exchange, @Nullable Answer found, Executor threads) {
        try {
            threads.execute(() -> send(exchange, found));
        } catch (RejectedExecutionException busy) {
            exchange.close();
        }
    }

    private static void send(HttpExchange exchange, @Nullable Answer found) {
        try (exchange) {
            Answer answer = found == null ? Answer.text(500, "no answer was found; see the log") : found;
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        } catch (IOException gone) {
            log.debug("an asker went away: {}", gone.toString());
        } catch (RuntimeException bug) {
            log.error("the admin port failed to answer {}", exchange.getRequestURI(), bug);
        }
    }

    private static CompletableFuture<Answer> answer(HttpExchange exchange, AdminDesk desk) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY + 1);
        if (body.length > MOST_BODY) {
            return CompletableFuture.completedFuture(Answer.text(413, "at most " + MOST_BODY + " bytes"));
        }
        Headers headers = exchange.getRequestHeaders();
        try {
            return desk.answer(new Question(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    Question.query(exchange.getRequestURI().getQuery()),
                    headers.getFirst("Authorization"),
                    headers.getFirst("Accept"),
                    new String(body, StandardCharsets.UTF_8)));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return CompletableFuture.completedFuture(Answer.text(503, "stopping"));
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
