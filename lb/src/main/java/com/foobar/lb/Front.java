package com.foobar.lb;

import com.foobar.http.forward.Ending;
import com.foobar.http.forward.Forwarder;
import com.foobar.http.forward.Journey;
import com.foobar.http.listen.BodyLimit;
import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Fault;
import com.foobar.http.listen.Trust;
import com.foobar.http.tier.Access;
import com.foobar.http.tier.TierMetrics;
import com.foobar.http.tier.Visit;
import com.foobar.kernel.log.Journal;
import com.foobar.kernel.time.Time;
import com.foobar.lb.rule.AddressRate;
import com.foobar.lb.rule.Redirect;
import com.foobar.lb.rule.Route;
import com.foobar.lb.rule.RouteTable;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every request of a balancer, from the listener to the forwarder of its pool: who is it, where does it belong, may it pass.
 * Runs on I/O threads and never blocks.
 */
final class Front implements HttpHandler {
    private static final Duration MAINTENANCE = Duration.ofMinutes(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String name;
    private final ErrorPages pages;
    private final TierMetrics metrics;
    private final Journal<Access> journal;
    private final Time time;
    private volatile Ways ways;

    /** Where requests can go; swapped as a whole on reload. */
    record Ways(RouteTable routes, Map<String, Forwarder> pools, Trust trust, boolean expose) {}

    Front(String name, Ways ways, ErrorPages pages, TierMetrics metrics, Journal<Access> journal, Time time) {
        this.name = name;
        this.ways = ways;
        this.pages = pages;
        this.metrics = metrics;
        this.journal = journal;
        this.time = time;
    }

    void replace(Ways next) {
        ways = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        Ways now = ways;
        Visit visit = Visit.of(exchange, now.trust, time.nanos());
        Route route = now.routes.match(visit.host(), exchange.getRequestPath());
        new Call(visit, route).attach(exchange);
        if (route == null) {
            refuse(exchange, visit, 421, "This server does not serve the host of the request.", "unknown-host", null);
            return;
        }
        if (!passes(exchange, visit, route)) {
            return;
        }
        try {
            visit.introduce(exchange);
            if (now.expose) {
                visit.sign(exchange.getRequestHeaders(), name);
            }
            HeaderEdits.request(route, exchange.getRequestHeaders());
            pool(now, route).handleRequest(exchange);
        } catch (RuntimeException | Error fault) {
            // Nothing travels, so nobody else gives the place back.
            route.concurrency().leave();
            throw fault;
        }
    }

    private static Forwarder pool(Ways now, Route route) {
        Forwarder pool = now.pools.get(route.settings().pool());
        if (pool == null) {
            throw new IllegalStateException("route " + route.name() + " leads to the pool "
                    + route.settings().pool() + ", which is not there");
        }
        return pool;
    }

    /** The rules of the route, cheapest first. */
    private boolean passes(HttpServerExchange exchange, Visit visit, Route route) {
        if (!route.access().admits(visit.client())) {
            refuse(exchange, visit, 403, "This address may not use this part of the site.", "denied", null);
            return false;
        }
        AddressRate rate = route.rate();
        if (rate != null && !rate.admits(visit.client(), visit.begun())) {
            Duration wait = rate.retryAfter(visit.client(), visit.begun());
            refuse(exchange, visit, 429, "Too many requests from this address.", "rate-limited", wait);
            return false;
        }
        if (route.settings().maintenance()) {
            refuse(exchange, visit, 503, "This part of the site is being worked on.", "maintenance", MAINTENANCE);
            return false;
        }
        Redirect redirect = route.redirect();
        if (redirect != null && redirected(exchange, visit, redirect)) {
            return false;
        }
        if (!BodyLimit.set(exchange, route.settings().mostBody())) {
            exchange.setPersistent(false);
            refuse(exchange, visit, 413, Fault.BODY_TOO_LARGE.words(), "body-too-large", null);
            return false;
        }
        if (!route.concurrency().tryEnter()) {
            refuse(exchange, visit, 503, "This part of the site is at its limit.", "concurrency-limited", RETRY_AFTER);
            return false;
        }
        return true;
    }

    /** False where the client is where the redirect would send it. */
    private boolean redirected(HttpServerExchange exchange, Visit visit, Redirect redirect) {
        String location = redirect.location(
                visit.from().scheme().equals("https"),
                visit.host(),
                exchange.getRequestURI(),
                exchange.getQueryString());
        if (location == null) {
            return false;
        }
        exchange.setStatusCode(redirect.status());
        exchange.getResponseHeaders().put(Headers.LOCATION, location);
        exchange.getResponseHeaders().put(Visit.REQUEST_ID, visit.id());
        exchange.endExchange();
        ownAnswer(exchange, visit, redirect.status(), "redirect");
        return true;
    }

    private void refuse(
            HttpServerExchange exchange,
            Visit visit,
            int status,
            String words,
            String reason,
            @Nullable Duration retryAfter) {
        pages.send(exchange, status, words, visit.id(), retryAfter);
        ownAnswer(exchange, visit, status, reason);
    }

    private void ownAnswer(HttpServerExchange exchange, Visit visit, int status, String reason) {
        metrics.answered(name, status, reason);
        log(exchange, visit, status, null, reason);
    }

    /** The forwarder's account of a request that passed. */
    void travelled(HttpServerExchange exchange, Journey journey) {
        Call call = Call.of(exchange);
        Route route = call.route();
        if (route != null) {
            route.concurrency().leave();
        }
        metrics.count(name, journey);
        log(exchange, call.visit(), journey.status(), journey, Access.lower(journey.ending()));
    }

    private void log(HttpServerExchange exchange, Visit visit, int status, @Nullable Journey journey, String reason) {
        journal.offer(Access.of(exchange, metrics.tier(), name, visit, status, journey, reason, time));
    }

    /** What a client is told when no server answers it. */
    void refuseForwarded(HttpServerExchange exchange, int status, Ending why, String detail) {
        String words =
                switch (status) {
                    case 400 -> "The request could not be understood.";
                    case 408 -> "The request took too long to arrive.";
                    case 413 -> Fault.BODY_TOO_LARGE.words();
                    case 502 -> "The server behind this one gave no proper answer.";
                    case 503 -> "No server is available for this request.";
                    case 504 -> "The server behind this one took too long.";
                    default ->
                        "The request could not be served ("
                                + why.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ").";
                };
        pages.send(exchange, status, words, Call.of(exchange).visit().id(), status == 503 ? RETRY_AFTER : null);
    }
}
