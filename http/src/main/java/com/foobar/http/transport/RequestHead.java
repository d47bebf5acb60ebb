package com.foobar.http.transport;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the head of a request from an exchange. Put together in an array and copied once: single puts into a direct buffer
 * cost several times as much. One per I/O thread.
 */
public final class RequestHead {
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] EMPTY_BODY = ascii("Content-Length: 0\r\n");
    private static final byte[] TRAILERS = ascii("TE: trailers\r\nConnection: TE\r\n");
    private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\n");

    private final byte[] bytes;
    private int length;

    public RequestHead(int limit) {
        bytes = new byte[limit];
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** False if it does not fit or would not be a well-formed head. */
    public boolean write(HttpServerExchange exchange, ByteBuffer into) {
        length = 0;
        HeaderMap headers = exchange.getRequestHeaders();
        boolean upgrade = upgrades(exchange);
        if (!requestLine(exchange) || !fields(headers, upgrade) || length + 128 > bytes.length) {
            return false;
        }
        if (upgrade) {
            put(UPGRADE);
        } else if (headers.contains(Headers.TE) && HopByHop.hasToken(headers, Headers.TE, "trailers")) {
            put(TRAILERS);
        }
        if (chunked(exchange)) {
            put(CHUNKED);
        } else if (exchange.isRequestComplete() && expectsBody(exchange) && !headers.contains(Headers.CONTENT_LENGTH)) {
            put(EMPTY_BODY);
        }
        bytes[length++] = '\r';
        bytes[length++] = '\n';
        if (length > into.remaining()) {
            return false;
        }
        into.put(bytes, 0, length);
        return true;
    }

    /** Not to HTTP/2: in its tunnel requests would pass that no tier has looked at. Who may not is answered in HTTP/1.1, as it may be. */
    static boolean upgrades(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        return headers.contains(Headers.UPGRADE)
                && !HopByHop.hasToken(headers, Headers.UPGRADE, "h2c")
                && exchange.isHttp11()
                && exchange.isRequestComplete()
                && HopByHop.hasToken(headers, Headers.CONNECTION, "upgrade");
    }

    /** Whether a body follows whose length is not known. */
    static boolean chunked(HttpServerExchange exchange) {
        return !exchange.isRequestComplete() && exchange.getRequestContentLength() < 0;
    }

    private static boolean expectsBody(HttpServerExchange exchange) {
        HttpString method = exchange.getRequestMethod();
        return method.length() > 2 && method.byteAt(0) == 'P'; // POST, PUT, PATCH
    }

    private boolean requestLine(HttpServerExchange exchange) {
        HttpString method = exchange.getRequestMethod();
        String uri = target(exchange);
        String query = exchange.getQueryString();
        if (method.length() + uri.length() + query.length() + 16 > bytes.length) {
            return false;
        }
        name(method);
        bytes[length++] = ' ';
        int begin = length;
        text(uri);
        if (!query.isEmpty()) {
            if (query.charAt(0) != '?') {
                bytes[length++] = '?';
            }
            text(query);
        }
        // A space or a control character here would be a second request to the next parser.
        for (int i = begin; i < length; i++) {
            if ((bytes[i] >= 0 && bytes[i] <= ' ') || bytes[i] == 0x7f) {
                return false;
            }
        }
        put(VERSION);
        return length > begin;
    }

    private static String target(HttpServerExchange exchange) {
        String uri = exchange.getRequestURI();
        if (!exchange.isHostIncludedInRequestURI()) {
            return uri.isEmpty() ? "/" : uri;
        }
        int authority = uri.indexOf("://");
        int path = authority < 0 ? 0 : uri.indexOf('/', authority + 3);
        return path < 0 ? "/" : uri.substring(path);
    }

    private boolean fields(HeaderMap headers, boolean upgrade) {
        List<HttpString> named = HopByHop.named(headers);
        for (long at = headers.fastIterateNonEmpty(); at != -1L; at = headers.fiNextNonEmpty(at)) {
            HeaderValues values = headers.fiCurrent(at);
            HttpString name = values.getHeaderName();
            if (HopByHop.is(name)) {
                if (!(upgrade && name.equals(Headers.UPGRADE))) {
                    continue;
                }
            } else if (name.byteAt(0) == ':' || (!named.isEmpty() && named.contains(name))) {
                continue;
            }
            for (int i = 0; i < values.size(); i++) {
                if (!field(name, values.get(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean field(HttpString name, String value) {
        if (length + name.length() + value.length() + 4 > bytes.length) {
            return false;
        }
        name(name);
        bytes[length++] = ':';
        bytes[length++] = ' ';
        int begin = length;
        text(value);
        // After the cut to eight bits some other character may have become one of these, too.
        for (int i = begin; i < length; i++) {
            byte one = bytes[i];
            if (one == '\r' || one == '\n' || one == 0) {
                return false;
            }
        }
        bytes[length++] = '\r';
        bytes[length++] = '\n';
        return true;
    }

    private void put(byte[] some) {
        System.arraycopy(some, 0, bytes, length, some.length);
        length += some.length;
    }

    private void name(HttpString name) {
        name.copyTo(bytes, length);
        length += name.length();
    }

    // The only way from a string to an array's middle without a copy in between.
    @SuppressWarnings("deprecation")
    private void text(String text) {
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
    }
}
