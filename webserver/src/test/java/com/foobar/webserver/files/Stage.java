package com.foobar.webserver.files;

import com.foobar.http.listen.Binding;
import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Limits;
import com.foobar.http.listen.Listener;
import com.foobar.http.listen.Listeners;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.ManualTime;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioWorker;

/** A real listener on loopback with files behind it, and behind those an application that tells what reached it. */
final class Stage implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    /** Of files and cache: it stands still until a test moves it. */
    final ManualTime time = new ManualTime(NOW);

    final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            2, 2, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(1000), Threads.named("stage", "files"));
    final FileCache cache;
    final StaticFiles files;
    private final XnioWorker worker = Listeners.worker("stage", 2, 2);
    private final SystemTime real = new SystemTime("stage");
    private final Listeners listeners = new Listeners(worker, real, Limits.DEFAULT, new ErrorPages());
    final Listener listener;

    Stage(Sites sites, FileCacheSettings settings) throws StartFailure {
        cache = new FileCache(settings, executor, time);
        files = new StaticFiles(sites, cache, Stage::application, new ErrorPages(), time);
        listener = open(files::handleRequest);
    }

    static Stage of(Path root) throws StartFailure {
        return new Stage(site(SiteSettings.of(root, "site.test")), FileCacheSettings.DEFAULT);
    }

    static Sites site(SiteSettings settings) {
        return Sites.of(Map.of("main", settings));
    }

    private Listener open(io.undertow.server.HttpHandler handler) throws StartFailure {
        Binding binding = Binding.http("stage.http", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Listener opened = listeners.bind(binding, handler);
        opened.open();
        return opened;
    }

    Listener secure(com.foobar.http.listen.Tls tls) throws StartFailure {
        Binding binding = Binding.https("stage.https", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls);
        Listener opened = listeners.bind(binding, files);
        opened.open();
        return opened;
    }

    private static void application(HttpServerExchange exchange) {
        String query = exchange.getQueryString();
        exchange.getResponseHeaders().put(HttpString.tryFromString("X-App"), "yes");
        exchange.getResponseSender()
                .send("app " + exchange.getRequestMethod() + " " + exchange.getRequestPath()
                        + (query.isEmpty() ? "" : "?" + query));
    }

    RawHttp client() {
        return RawHttp.connect(listener.address()).patience(Duration.ofSeconds(10));
    }

    /** One request on a connection of its own; the head is what follows the request line. */
    RawResponse ask(String requestLine, String... fields) {
        try (RawHttp client = client()) {
            StringBuilder text = new StringBuilder(requestLine + " HTTP/1.1\r\n");
            boolean host = false;
            for (String field : fields) {
                host |= field.startsWith("Host:");
                text.append(field).append("\r\n");
            }
            text.append(host ? "\r\n" : "Host: site.test\r\n\r\n");
            client.send(text.toString());
            return requestLine.startsWith("HEAD ") ? client.responseToHead() : client.response();
        }
    }

    RawResponse get(String path, String... fields) {
        return ask("GET " + path, fields);
    }

    @Override
    public void close() {
        cache.close();
        listeners.close();
        worker.shutdownNow();
        executor.shutdownNow();
        real.close();
    }
}
