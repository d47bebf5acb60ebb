package com.foobar.appserver.container;

import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Trust;
import com.foobar.http.tier.Visit;
import com.foobar.http.transport.DirectHandler;
import com.foobar.kernel.time.Time;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.VirtualThreads;

/** Where requests of the web servers of this process come in: their exchange is taken over, on a thread that may block. */
final class DirectDoor implements DirectHandler {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private static final HttpString TRACE_PARENT = HttpString.tryFromString("traceparent");

    private final ServerConnector connector;
    private final HttpConfiguration configuration;
    private final InetSocketAddress self;
    private final Reception reception;
    private final BooleanSupplier crowded;
    private final ErrorPages pages;
    private final Time time;
    private final Connection nowhere;

    DirectDoor(
            ServerConnector connector,
            HttpConfiguration configuration,
            InetSocketAddress self,
            Reception reception,
            BooleanSupplier crowded,
            ErrorPages pages,
            Time time) {
        this.connector = connector;
        this.configuration = configuration;
        this.self = self;
        this.reception = reception;
        this.crowded = crowded;
        this.pages = pages;
        this.time = time;
        this.nowhere = DirectConnection.nowhere(connector.getExecutor());
    }

    /** A WebSocket needs a connection of Jetty's own, and an exchange is none. */
    @Override
    public boolean takes(HttpServerExchange exchange) {
        return !exchange.getRequestHeaders().contains(Headers.UPGRADE);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        InetAddress peer = self.getAddress();
        Trust known = reception.trust();
        Trust trust = one -> one.equals(peer) || known.trusts(one);
        Visit visit = Visit.of(exchange, peer, trust, time.nanos());
        if (crowded.getAsBoolean()) {
            refuse(exchange, visit);
            return;
        }
        exchange.dispatch(task -> hand(exchange, visit, task), () -> begin(exchange, visit));
    }

    private void hand(HttpServerExchange exchange, Visit visit, Runnable task) {
        try {
            executor().execute(task);
        } catch (RejectedExecutionException stopping) {
            refuse(exchange, visit);
        }
    }

    private void refuse(HttpServerExchange exchange, Visit visit) {
        String words = "The server has as many requests as it can take.";
        pages.send(exchange, 503, words, visit.id(), RETRY_AFTER);
    }

    /** Virtual threads where the pool has them. */
    private Executor executor() {
        return VirtualThreads.getExecutor(connector.getServer().getThreadPool());
    }

    private void begin(HttpServerExchange exchange, Visit visit) {
        DirectStream stream = new DirectStream(visit.id(), exchange, connector.getByteBufferPool(), executor());
        DirectConnection connection = new DirectConnection(connector, configuration, stream, visit, self, nowhere);
        HttpChannel channel = new HttpChannel.DefaultFactory().newHttpChannel(connection);
        stream.attach(channel);
        channel.onRequest(request(exchange, visit)).run();
        stream.returned();
    }

    private static MetaData.Request request(HttpServerExchange exchange, Visit visit) {
        HeaderMap headers = exchange.getRequestHeaders();
        headers.put(Visit.REQUEST_ID, visit.id());
        headers.put(TRACE_PARENT, visit.trace());
        HostPort authority = Introduced.authority(visit.from().host());
        HttpURI uri = HttpURI.from(
                visit.from().scheme(),
                authority == null ? "" : authority.getHost(),
                authority == null ? -1 : authority.getPort(),
                target(exchange));
        return new MetaData.Request(
                System.nanoTime(),
                exchange.getRequestMethod().toString(),
                uri,
                HttpVersion.HTTP_1_1,
                Fields.ofRequest(headers),
                exchange.isRequestComplete() ? 0 : exchange.getRequestContentLength());
    }

    /** Path and query, also of a request that named its host before them. */
    private static String target(HttpServerExchange exchange) {
        String uri = exchange.getRequestURI();
        if (exchange.isHostIncludedInRequestURI()) {
            int authority = uri.indexOf("://");
            int path = authority < 0 ? 0 : uri.indexOf('/', authority + 3);
            uri = path < 0 ? "/" : uri.substring(path);
        }
        String query = exchange.getQueryString();
        String path = uri.isEmpty() ? "/" : uri;
        if (query.isEmpty()) {
            return path;
        }
        return query.charAt(0) == '?' ? path + query : path + '?' + query;
    }
}
