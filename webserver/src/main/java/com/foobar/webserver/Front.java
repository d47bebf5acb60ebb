package com.foobar.webserver;

import com.foobar.http.forward.Ending;
import com.foobar.http.forward.Forwarder;
import com.foobar.http.forward.Journey;
import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Fault;
import com.foobar.http.listen.Trust;
import com.foobar.http.tier.Access;
import com.foobar.http.tier.ServedBy;
import com.foobar.http.tier.TierMetrics;
import com.foobar.http.tier.Visit;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.log.Journal;
import com.foobar.kernel.time.Time;
import com.foobar.webserver.files.StaticFiles;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every request of a web server: who asks, then a file, else the application. Runs on I/O threads and never blocks. */
final class Front {
    /** How the checks of our own balancers introduce themselves. */
    private static final String CHECK = "foobar-check";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String name;
    private final ErrorPages pages;
    private final TierMetrics metrics;
    private final Journal<Access> journal;
    private final Time time;
    private final Supplier<Readiness> readiness;
    private final ExchangeCompletionListener end = this::ended;
    private volatile Ways ways;
    private @Nullable StaticFiles files;

    /** What a reload may change. */
    record Ways(Trust trust, boolean expose) {}

    Front(
            String name,
            Ways ways,
            ErrorPages pages,
            TierMetrics metrics,
            Journal<Access> journal,
            Time time,
            Supplier<Readiness> readiness) {
        this.name = name;
        this.ways = ways;
        this.pages = pages;
        this.metrics = metrics;
        this.journal = journal;
        this.time = time;
        this.readiness = readiness;
    }

    /** Before the first request. The files lead to the application, and what it cannot answer leads back to their error pages. */
    void serve(StaticFiles first) {
        files = first;
    }

    void replace(Ways changed) {
        ways = changed;
    }

    boolean believes(InetAddress peer) {
        return ways.trust.trusts(peer);
    }

    /** For requests that came over the network. */
    void fromNetwork(HttpServerExchange exchange) throws Exception {
        handle(exchange, exchange.getSourceAddress().getAddress(), ways.trust);
    }

    /** For requests that a balancer of this process hands over, as if it had connected from its own address, which is ours. */
    HttpHandler fromBalancer(InetAddress self) {
        return exchange -> handle(exchange, self, peer -> peer.equals(self) || ways.trust.trusts(peer));
    }

    private void handle(HttpServerExchange exchange, InetAddress peer, Trust trust) throws Exception {
        HeaderMap headers = exchange.getRequestHeaders();
        Visit visit = Visit.of(exchange, peer, trust, time.nanos());
        if (isCheck(headers) && trust.trusts(peer)) {
            answerCheck(exchange);
            return;
        }
        Stay.begin(exchange, visit);
        headers.put(Visit.REQUEST_ID, visit.id());
        exchange.addExchangeCompleteListener(end);
        if (ways.expose) {
            exchange.addResponseCommitListener(same -> ServedBy.sign(same.getResponseHeaders(), name));
        }
        files().handleRequest(exchange);
    }

    /** A check asks for this server and not for the application behind it: files are served without it, too. */
    private static boolean isCheck(HeaderMap headers) {
        String agent = headers.getFirst(Headers.USER_AGENT);
        return agent != null && agent.startsWith(CHECK);
    }

    private void answerCheck(HttpServerExchange exchange) {
        Readiness now = readiness.get();
        exchange.setStatusCode(now.ready() ? 200 : 503);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(now.ready() ? "ready\n" : now.reason() + "\n");
    }

    private StaticFiles files() {
        StaticFiles there = files;
        if (there == null) {
            throw new IllegalStateException("a request came before the web server was put together");
        }
        return there;
    }

    /** For what is no file: tells the next tier who asks. */
    HttpHandler introducing(HttpHandler next) {
        return exchange -> {
            Visit visit = Stay.of(exchange).visit;
            visit.introduce(exchange);
            if (ways.expose) {
                visit.sign(exchange.getRequestHeaders(), name);
            }
            next.handleRequest(exchange);
        };
    }

    /** From here on the way to the application tells how the request ends. */
    static HttpHandler leaving(Forwarder application) {
        return exchange -> {
            Stay.of(exchange).forwarded = true;
            application.handleRequest(exchange);
        };
    }

    /** A body that cannot be taken. */
    void refuseUpload(HttpServerExchange exchange, int status, String reason) {
        Stay stay = Stay.of(exchange);
        stay.reason = reason;
        String words = status == 413 ? Fault.BODY_TOO_LARGE.words() : "The server cannot take uploads at the moment.";
        pages.send(exchange, status, words, stay.visit.id(), status == 503 ? RETRY_AFTER : null);
    }

    /** No application server answers. */
    void refuseForwarded(HttpServerExchange exchange, int status, Ending why, String detail) {
        if (status == 503) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, RETRY_AFTER.toSeconds());
        }
        String words =
                switch (status) {
                    case 400 -> "The request could not be understood.";
                    case 408 -> "The request took too long to arrive.";
                    case 413 -> Fault.BODY_TOO_LARGE.words();
                    case 502 -> "The application gave no proper answer.";
                    case 503 -> "The application is not available at the moment.";
                    case 504 -> "The application took too long.";
                    default ->
                        "The request could not be served (" + Access.lower(why).replace('-', ' ') + ").";
                };
        files().refuse(exchange, status, words);
    }

    /** What the application's answer says besides. */
    void edit(HttpServerExchange exchange, HeaderMap headers) {
        if (!ways.expose) {
            ServedBy.conceal(headers);
        }
    }

    /** The forwarder's account of a request. */
    void travelled(HttpServerExchange exchange, Journey journey) {
        metrics.count(name, journey);
        log(exchange, Stay.of(exchange).visit, journey.status(), journey, Access.lower(journey.ending()));
    }

    private void ended(HttpServerExchange exchange, ExchangeCompletionListener.NextListener following) {
        try {
            Stay stay = Stay.of(exchange);
            if (!stay.forwarded) {
                int status = exchange.getStatusCode();
                metrics.served(name, status, time.nanos() - stay.visit.begun());
                log(exchange, stay.visit, status, null, stay.reason);
            }
        } finally {
            following.proceed();
        }
    }

    private void log(HttpServerExchange exchange, Visit visit, int status, @Nullable Journey journey, String reason) {
        journal.offer(Access.of(exchange, metrics.tier(), name, visit, status, journey, reason, time));
    }
}
