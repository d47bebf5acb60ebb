package com.foobar.webserver.files;

import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.RequestIds;
import com.foobar.kernel.time.Time;
import com.foobar.webserver.answer.Coding;
import com.foobar.webserver.answer.FileName;
import com.foobar.webserver.answer.Navigation;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file if there is one, else the next handler. Runs on I/O threads; where it must wait for the file system, the exchange is
 * parked and comes back to its own I/O thread.
 */
public final class StaticFiles implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StaticFiles.class);
    private static final HttpString REQUEST_ID = HttpString.tryFromString("X-Request-Id");
    private static final HttpString FETCH_MODE = HttpString.tryFromString("Sec-Fetch-Mode");
    private static final int MOST_REOPENINGS = 8;

    private final FileCache cache;
    private final HttpHandler next;
    private final ErrorPages pages;
    private final Time time;
    private volatile Sites sites;

    /** The cache stays the caller's. The pages are for where a site has none of its own. */
    public StaticFiles(Sites sites, FileCache cache, HttpHandler next, ErrorPages pages, Time time) {
        this.sites = sites;
        this.cache = cache;
        this.next = next;
        this.pages = pages;
        this.time = time;
    }

    /** For a reload; what is under way ends as it began. */
    public void replace(Sites changed) {
        Sites before = sites;
        sites = changed;
        for (Site old : before.all()) {
            if (!changed.all().contains(old)) {
                cache.forget(old);
            }
        }
    }

    /** Why a path is looked up. */
    private enum Why {
        REQUEST,
        /** The page of a single-page application stands for a path without a file. */
        FALLBACK,
        /** A page that explains a status; whatever goes wrong with it, there is none. */
        ERROR
    }

    /** One look-up. */
    private record Search(Site site, String path, Why why, int status, String words, int turn) {
        Search again() {
            return new Search(site, path, why, status, words, turn + 1);
        }
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        Site site = sites.of(exchange.getRequestHeaders().getFirst(Headers.HOST));
        if (site == null) {
            plainError(exchange, 421, "This server does not serve the host of the request.");
            return;
        }
        String path = exchange.getRequestPath();
        Entry entry = cache.fresh(site, path);
        if (entry != null && entry.kind == Entry.Kind.FILE && serve(exchange, entry)) {
            return;
        }
        met(exchange, new Search(site, path, Why.REQUEST, 200, "", 0), entry);
    }

    /** The commonest case by far, with nothing made for it: a file in memory that needs no waiting. */
    private boolean serve(HttpServerExchange exchange, Entry entry) {
        if (!readable(exchange)) {
            return false;
        }
        HeaderMap headers = exchange.getRequestHeaders();
        Coding coding = entry.pick(Reply.all(headers, Headers.ACCEPT_ENCODING), headers.contains(Headers.RANGE));
        Variant variant = entry.variant(coding);
        if (variant == null || variant.bytes() == null) {
            return false;
        }
        reply(exchange, entry, variant);
        return true;
    }

    private static boolean readable(HttpServerExchange exchange) {
        HttpString method = exchange.getRequestMethod();
        return method.equals(Methods.GET) || method.equals(Methods.HEAD);
    }

    private void reply(HttpServerExchange exchange, Entry entry, Variant variant) {
        switch (Reply.send(exchange, entry, variant, time.instant())) {
            case NOTHING -> {
                // It has been sent, or is on its way.
            }
            case FAILED -> refuse(exchange, entry.site, 412, "The file is not in the state the request wants it in.");
            case UNSATISFIABLE -> refuse(exchange, entry.site, 416, "The file has none of the bytes asked for.");
        }
    }

    private void look(HttpServerExchange exchange, Search search) throws Exception {
        met(exchange, search, cache.fresh(search.site, search.path));
    }

    /** With what the cache knows of the path, if anything. */
    private void met(HttpServerExchange exchange, Search search, @Nullable Entry entry) throws Exception {
        Site site = search.site;
        if (entry != null && entry.retain()) {
            try {
                arrive(exchange, search, entry);
            } finally {
                entry.release();
            }
            return;
        }
        String name = FileName.of(search.path);
        if (name == null) {
            refused(exchange, search);
        } else if (!site.sandbox().exists(name)) {
            cache.absent(site, search.path);
            absent(exchange, search);
        } else if (search.turn >= MOST_REOPENINGS) {
            // The cache closes files faster than they can be asked for: it is set far too small for its load.
            failed(exchange, search, new IllegalStateException("closed " + search.turn + " times before it was sent"));
        } else {
            park(exchange, () -> {
                CompletableFuture<Entry> unused = cache.load(site, search.path, name)
                        .whenComplete((found, failure) -> found(exchange, search, found, failure));
            });
        }
    }

    /** After the present call of the handler, on the same thread: before that the exchange may not move to another. */
    private static void park(HttpServerExchange exchange, Runnable start) {
        exchange.dispatch(SameThreadExecutor.INSTANCE, start);
    }

    /** On the executor, where the entry is sure to be open. */
    private void found(HttpServerExchange exchange, Search search, @Nullable Entry entry, @Nullable Throwable failure) {
        if (entry == null) {
            back(exchange, one -> failed(one, search, failure), () -> {});
        } else if (entry.retain()) {
            back(
                    exchange,
                    one -> {
                        try {
                            arrive(one, search, entry);
                        } finally {
                            entry.release();
                        }
                    },
                    entry::release);
        } else {
            back(exchange, one -> look(one, search.again()), () -> {});
        }
    }

    private static void back(HttpServerExchange exchange, HttpHandler task, Runnable otherwise) {
        try {
            exchange.dispatch(exchange.getIoThread(), task);
        } catch (RejectedExecutionException shuttingDown) {
            otherwise.run();
        }
    }

    /** On the I/O thread, the entry held open for the time of this call. */
    private void arrive(HttpServerExchange exchange, Search search, Entry entry) throws Exception {
        switch (entry.kind) {
            case ABSENT -> absent(exchange, search);
            case REFUSED -> refused(exchange, search);
            case FOLDER -> redirect(exchange, search);
            case FILE -> file(exchange, search, entry);
        }
    }

    private void file(HttpServerExchange exchange, Search search, Entry entry) {
        if (search.why == Why.ERROR) {
            Reply.whole(exchange, entry.plain(), search.status);
            return;
        }
        if (!readable(exchange)) {
            exchange.getResponseHeaders().put(Headers.ALLOW, "GET, HEAD");
            refuse(exchange, search.site, 405, "This is a file: it can be read and nothing else.");
            return;
        }
        if (search.why == Why.FALLBACK) {
            // Another client gets the application's answer at the same address, and a cache has to know.
            exchange.addResponseCommitListener(
                    one -> one.getResponseHeaders().add(Headers.VARY, "Accept, Sec-Fetch-Mode"));
        }
        HeaderMap headers = exchange.getRequestHeaders();
        Coding coding = entry.pick(Reply.all(headers, Headers.ACCEPT_ENCODING), headers.contains(Headers.RANGE));
        Variant ready = entry.variant(coding);
        if (ready != null) {
            reply(exchange, entry, ready);
            return;
        }
        if (entry.retain()) {
            park(exchange, () -> {
                CompletableFuture<@Nullable Variant> unused = cache.gzip(entry)
                        .whenComplete((made, failure) -> back(
                                exchange,
                                one -> {
                                    try {
                                        reply(one, entry, made == null ? entry.plain() : made);
                                    } finally {
                                        entry.release();
                                    }
                                },
                                entry::release));
            });
        } else {
            throw new IllegalStateException("an entry that is held cannot be closed");
        }
    }

    private void absent(HttpServerExchange exchange, Search search) throws Exception {
        if (search.why == Why.ERROR) {
            plainError(exchange, search.status, search.words);
            return;
        }
        String page = search.site.spa();
        if (search.why == Why.REQUEST && page != null && readable(exchange)) {
            HeaderMap headers = exchange.getRequestHeaders();
            String accept = Reply.all(headers, Headers.ACCEPT);
            if (Navigation.is(search.path, accept, headers.getFirst(FETCH_MODE))) {
                look(exchange, new Search(search.site, page, Why.FALLBACK, 200, "", 0));
                return;
            }
        }
        next.handleRequest(exchange);
    }

    /** Whatever the reason is, it looks like a file that is not there. */
    private void refused(HttpServerExchange exchange, Search search) {
        if (search.why == Why.ERROR) {
            plainError(exchange, search.status, search.words);
        } else {
            refuse(exchange, search.site, 404, "There is nothing at this address.");
        }
    }

    /** To the same path with a slash, so that the relative links of the index lead into the folder. */
    private void redirect(HttpServerExchange exchange, Search search) throws Exception {
        if (search.why != Why.REQUEST || !readable(exchange)) {
            absent(exchange, search);
            return;
        }
        String query = exchange.getQueryString();
        HeaderMap headers = exchange.getResponseHeaders();
        headers.put(Headers.LOCATION, search.path + '/' + (query.isEmpty() ? "" : '?' + query));
        headers.put(Headers.CACHE_CONTROL, "no-cache");
        exchange.setStatusCode(301);
        exchange.endExchange();
    }

    private void failed(HttpServerExchange exchange, Search search, @Nullable Throwable failure) {
        LOG.warn("site {}: {} could not be read", search.site.name(), search.path, failure);
        int status = search.why == Why.ERROR ? search.status : 503;
        plainError(exchange, status, search.why == Why.ERROR ? search.words : "The server is busy; please try again.");
    }

    /**
     * Answers with an error page of the site of the request, or the built-in one: also for what the next handler could not
     * answer. On the I/O thread, before the response has begun.
     */
    public void refuse(HttpServerExchange exchange, int status, String words) {
        Site site = sites.of(exchange.getRequestHeaders().getFirst(Headers.HOST));
        if (site == null) {
            plainError(exchange, status, words);
        } else {
            refuse(exchange, site, status, words);
        }
    }

    private void refuse(HttpServerExchange exchange, Site site, int status, String words) {
        String page = site.errorPage(status);
        String accept = Reply.all(exchange.getRequestHeaders(), Headers.ACCEPT);
        boolean program = accept != null && accept.contains("json") && !accept.contains("text/html");
        if (page == null || program) {
            plainError(exchange, status, words);
            return;
        }
        try {
            look(exchange, new Search(site, page, Why.ERROR, status, words, 0));
        } catch (Exception broken) {
            // An error page never leads to the next handler, which is all that could throw here.
            throw new IllegalStateException("the error page " + page, broken);
        }
    }

    private void plainError(HttpServerExchange exchange, int status, String words) {
        String given = exchange.getRequestHeaders().getFirst(REQUEST_ID);
        pages.send(exchange, status, words, given == null ? RequestIds.next() : given, null);
    }
}
