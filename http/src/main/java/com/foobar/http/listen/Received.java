package com.foobar.http.listen;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import org.jspecify.annotations.Nullable;

/**
 * What a request said about where it came from, before anybody decided whether to believe it. Several fields of one name are
 * one list.
 *
 * @param scheme of the connection it came on
 * @param host its Host field; empty for an HTTP/1.0 request without one
 */
public record Received(
        String scheme,
        String host,
        @Nullable String forwarded,
        @Nullable String forwardedFor,
        @Nullable String forwardedProto,
        @Nullable String forwardedHost) {

    static final HttpString FORWARDED = HttpString.tryFromString("Forwarded");

    public static Received of(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        String host = headers.getFirst(Headers.HOST);
        return new Received(
                exchange.getRequestScheme(),
                host == null ? "" : host,
                all(headers, FORWARDED),
                all(headers, Headers.X_FORWARDED_FOR),
                all(headers, Headers.X_FORWARDED_PROTO),
                all(headers, Headers.X_FORWARDED_HOST));
    }

    private static @Nullable String all(HeaderMap headers, HttpString name) {
        HeaderValues values = headers.get(name);
        if (values == null) {
            return null;
        }
        return values.size() == 1 ? values.getFirst() : String.join(", ", values);
    }
}
