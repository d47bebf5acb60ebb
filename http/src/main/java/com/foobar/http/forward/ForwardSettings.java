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
        @Nullable HttpString exposeBackend) {

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
                null);
    }

    public ForwardSettings withPatience(Patience changed, Duration wholeRequest) {
        return new ForwardSettings(
                pool,
                transport,
                changed,
                wholeRequest,
                queue,
                queueLimit,
                retries,
                budget,
                requestEdits,
                responseEdits,
                key,
                stickiness,
                exposeBackend);
    }

    public ForwardSettings withQueue(Duration changed, int limit) {
        return new ForwardSettings(
                pool,
                transport,
                patience,
                request,
                changed,
                limit,
                retries,
                budget,
                requestEdits,
                responseEdits,
                key,
                stickiness,
                exposeBackend);
    }

    public ForwardSettings withRetries(RetryPolicy changed, RetryBudget limit) {
        return new ForwardSettings(
                pool,
                transport,
                patience,
                request,
                queue,
                queueLimit,
                changed,
                limit,
                requestEdits,
                responseEdits,
                key,
                stickiness,
                exposeBackend);
    }

    public ForwardSettings withEdits(Edits ofRequest, Edits ofResponse) {
        return new ForwardSettings(
                pool,
                transport,
                patience,
                request,
                queue,
                queueLimit,
                retries,
                budget,
                ofRequest,
                ofResponse,
                key,
                stickiness,
                exposeBackend);
    }

    public ForwardSettings withStickiness(@Nullable Stickiness changed) {
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
                changed,
                exposeBackend);
    }

    public ForwardSettings withKey(@Nullable Function<HttpServerExchange, @Nullable String> changed) {
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
                changed,
                stickiness,
                exposeBackend);
    }

    public ForwardSettings withExposedBackend(@Nullable HttpString header) {
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
                header);
    }
}
