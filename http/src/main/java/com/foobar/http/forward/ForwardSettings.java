package com.foobar.http.forward;

import com.foobar.http.pool.Pool;
import com.foobar.http.pool.RetryBudget;
import com.foobar.http.pool.RetryPolicy;
import com.foobar.http.transport.Patience;
import com.foobar.http.transport.Transport;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How requests go through one pool. Swapped as a whole on reload; a request keeps the settings it began with.
 *
 * @param request how long a request may take in all, waiting and retries included
 * @param queue how long it may wait for a place
 * @param queueLimit how many may wait
 * @param key the text that hashing algorithms hash; null for none
 * @param exposeBackend the response header that names the backend; null for none
 * @param preamble what each connection to a backend begins with, for the one request that it then carries; null for none
 */
public record ForwardSettings(
        Pool pool,
        Transport transport,
        Patience patience,
        Duration request,
        Duration queue,
        int queueLimit,
        RetryPolicy retries,
        RetryBudget budget,
        Edits requestEdits,
        Edits responseEdits,
        @Nullable Function<HttpServerExchange, @Nullable String> key,
        @Nullable Stickiness stickiness,
        @Nullable HttpString exposeBackend,
        @Nullable Function<HttpServerExchange, byte[]> preamble) {

    public ForwardSettings {
        if (request.isNegative() || request.isZero() || request.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException(
                    "pool " + pool.name() + ": request timeout " + request + " is not within 1 ns .. 7 days");
        }
        if (queue.isNegative() || queue.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException(
                    "pool " + pool.name() + ": queue timeout " + queue + " is not within 0 s .. 7 days");
        }
        if (queueLimit < 0) {
            throw new IllegalArgumentException("pool " + pool.name() + ": a queue of " + queueLimit + " places");
        }
    }

    /** Three attempts, a minute for each request, five seconds in a queue of 1024. */
    public static ForwardSettings of(Pool pool, Transport transport) {
        return new ForwardSettings(
                pool,
                transport,
                Patience.DEFAULT,
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                1024,
                new RetryPolicy(3),
                new RetryBudget(20, 3),
                Edits.NONE,
                Edits.NONE,
                null,
                null,
                null,
                null);
    }

    public ForwardSettings withPatience(Patience changed, Duration wholeRequest) {
        Draft draft = new Draft(this);
        draft.patience = changed;
        draft.request = wholeRequest;
        return draft.settings();
    }

    public ForwardSettings withQueue(Duration changed, int limit) {
        Draft draft = new Draft(this);
        draft.queue = changed;
        draft.queueLimit = limit;
        return draft.settings();
    }

    public ForwardSettings withRetries(RetryPolicy changed, RetryBudget limit) {
        Draft draft = new Draft(this);
        draft.retries = changed;
        draft.budget = limit;
        return draft.settings();
    }

    public ForwardSettings withEdits(Edits ofRequest, Edits ofResponse) {
        Draft draft = new Draft(this);
        draft.requestEdits = ofRequest;
        draft.responseEdits = ofResponse;
        return draft.settings();
    }

    public ForwardSettings withKey(@Nullable Function<HttpServerExchange, @Nullable String> changed) {
        Draft draft = new Draft(this);
        draft.key = changed;
        return draft.settings();
    }

    public ForwardSettings withStickiness(@Nullable Stickiness changed) {
        Draft draft = new Draft(this);
        draft.stickiness = changed;
        return draft.settings();
    }

    public ForwardSettings withExposedBackend(@Nullable HttpString header) {
        Draft draft = new Draft(this);
        draft.exposeBackend = header;
        return draft.settings();
    }

    public ForwardSettings withPreamble(@Nullable Function<HttpServerExchange, byte[]> changed) {
        Draft draft = new Draft(this);
        draft.preamble = changed;
        return draft.settings();
    }

    /** The same settings while a few of them change. */
    private static final class Draft {
        private final Pool pool;
        private final Transport transport;
        private Patience patience;
        private Duration request;
        private Duration queue;
        private int queueLimit;
        private RetryPolicy retries;
        private RetryBudget budget;
        private Edits requestEdits;
        private Edits responseEdits;
        private @Nullable Function<HttpServerExchange, @Nullable String> key;
        private @Nullable Stickiness stickiness;
        private @Nullable HttpString exposeBackend;
        private @Nullable Function<HttpServerExchange, byte[]> preamble;

        Draft(ForwardSettings from) {
            pool = from.pool;
            transport = from.transport;
            patience = from.patience;
            request = from.request;
            queue = from.queue;
            queueLimit = from.queueLimit;
            retries = from.retries;
            budget = from.budget;
            requestEdits = from.requestEdits;
            responseEdits = from.responseEdits;
            key = from.key;
            stickiness = from.stickiness;
            exposeBackend = from.exposeBackend;
            preamble = from.preamble;
        }

        ForwardSettings settings() {
            return new ForwardSettings(
                    pool,
                    transport,
                    patience,
                    request,
                    queue,
                    queueLimit,
                    retries,
                    budget,
                    requestEdits,
                    responseEdits,
                    key,
                    stickiness,
                    exposeBackend,
                    preamble);
        }
    }
}
