package com.foobar.webserver.upload;

import com.foobar.http.listen.BodyLimit;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** Lets a request on to the application when its body is whole. */
public final class UploadGate implements HttpHandler {
    private final HttpHandler next;
    private final Path folder;
    private final Executor disk;
    private final Stock stock;
    private final Refusal refusal;
    private volatile UploadSettings settings;

    /** How a request is told that its body cannot be taken. */
    @FunctionalInterface
    public interface Refusal {
        void refuse(HttpServerExchange exchange, int status, String reason);
    }

    /**
     * Nothing is held yet.
     *
     * @param folder for the files; made when first needed
     * @param disk writes the files
     */
    public UploadGate(
            HttpHandler next, UploadSettings settings, Path folder, Executor disk, Stock stock, Refusal refusal) {
        this.next = next;
        this.settings = settings;
        this.folder = folder;
        this.disk = disk;
        this.stock = stock;
        this.refusal = refusal;
    }

    /** For requests that come from now on. */
    public void replace(UploadSettings changed) {
        settings = changed;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        UploadSettings now = settings;
        if (!exchange.isRequestComplete()
                && !BodyLimit.set(exchange, now.largest().bytes())) {
            exchange.setPersistent(false);
            refusal.refuse(exchange, 413, "body-too-large");
            return;
        }
        if (exchange.isRequestComplete()
                || exchange.getRequestHeaders().contains(Headers.UPGRADE)
                || !now.holds(exchange.getRequestPath())) {
            next.handleRequest(exchange);
            return;
        }
        Upload upload = new Upload(exchange, now, stock, folder, disk, refusal, next);
        exchange.dispatch(SameThreadExecutor.INSTANCE, upload);
    }
}
