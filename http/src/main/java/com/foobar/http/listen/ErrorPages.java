package com.foobar.http.listen;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers that no backend gave: a small page, or JSON for who prefers it, with the identifier a user can quote. They say
 * nothing about the server that made them.
 */
public final class ErrorPages {

    private static final HttpString REQUEST_ID = HttpString.tryFromString("X-Request-Id");
    private static final HttpString CONTENT_TYPE_OPTIONS = HttpString.tryFromString("X-Content-Type-Options");
    private static final String HTML = "text/html; charset=utf-8";
    private static final String JSON = "application/json";

    private final Map<Integer, byte[]> overrides;

    public ErrorPages() {
        this(Map.of());
    }

    /** Pages of the operator's own, by status: complete HTML, sent as it is (a maintenance page under 503). */
    public ErrorPages(Map<Integer, byte[]> overrides) {
        this.overrides = Map.copyOf(overrides);
    }

    /** Refuses a request on an exchange whose response has not begun; on HTTP/1 the connection ends with it. */
    public void refuse(HttpServerExchange exchange, Fault fault, String requestId) {
        exchange.setPersistent(false);
        send(exchange, fault.status(), fault.words(), requestId, null);
    }

    /** Answers an exchange whose response has not begun. */
    public void send(
            HttpServerExchange exchange, int status, String words, String requestId, @Nullable Duration retryAfter) {
        String accept = exchange.getRequestHeaders().getFirst(Headers.ACCEPT);
        boolean json = prefersJson(accept);
        exchange.setStatusCode(status);
        exchange.setReasonPhrase(reason(status));
        var headers = exchange.getResponseHeaders();
        headers.put(Headers.CONTENT_TYPE, json ? JSON : HTML);
        headers.put(Headers.CACHE_CONTROL, "no-store");
        headers.put(CONTENT_TYPE_OPTIONS, "nosniff");
        headers.put(REQUEST_ID, requestId);
        if (retryAfter != null) {
            headers.put(Headers.RETRY_AFTER, Math.max(1, retryAfter.toSeconds()));
        }
        // Undertow cuts the body of an answer to HEAD and keeps the length.
        exchange.getResponseSender().send(ByteBuffer.wrap(body(status, words, requestId, json)));
    }

    /** The whole answer as bytes, for a connection that has no exchange (yet); it tells the client to go. */
    ByteBuffer raw(Fault fault, String requestId) {
        byte[] body = body(fault.status(), fault.words(), requestId, false);
        String head = "HTTP/1.1 " + fault.status() + " " + reason(fault.status()) + "\r\nContent-Type: "
                + HTML + "\r\nContent-Length: " + body.length
                + "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: " + requestId
                + (fault == Fault.FULL ? "\r\nRetry-After: 1" : "") + "\r\nConnection: close\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(start.length + body.length)
                .put(start)
                .put(body)
                .flip();
    }

    private byte[] body(int status, String words, String requestId, boolean json) {
        byte[] override = json ? null : overrides.get(status);
        if (override != null) {
            return override;
        }
        String reason = reason(status);
        String text = json ? json(status, reason, words, requestId) : html(status, reason, words, requestId);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Undertow has never heard of some, and would tell the client "Unknown". */
    private static String reason(int status) {
        return status == 421 ? "Misdirected Request" : StatusCodes.getReason(status);
    }

    private static String json(int status, String reason, String words, String requestId) {
        StringBuilder out = new StringBuilder(160);
        out.append("{\"status\":").append(status).append(",\"error\":");
        quote(out, reason);
        out.append(",\"message\":");
        quote(out, words);
        out.append(",\"requestId\":");
        quote(out, requestId);
        return out.append("}\n").toString();
    }

    private static String html(int status, String reason, String words, String requestId) {
        StringBuilder out = new StringBuilder(320);
        out.append("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>")
                .append(status)
                .append(' ');
        escape(out, reason);
        out.append("</title>\n<h1>").append(status).append(' ');
        escape(out, reason);
        out.append("</h1>\n<p>");
        escape(out, words);
        out.append("</p>\n<p><small>Request ");
        escape(out, requestId);
        return out.append("</small></p>\n</html>\n").toString();
    }

    static void escape(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            switch (letter) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(letter);
            }
        }
    }

    static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' || letter == '\\') {
                out.append('\\').append(letter);
            } else if (letter < 0x20 || letter == 0x7f) {
                out.append(String.format("\\u%04x", (int) letter));
            } else {
                out.append(letter);
            }
        }
        out.append('"');
    }

    /** JSON when the client weighs it above HTML, or names it and not HTML; a wildcard alone gets HTML. */
    static boolean prefersJson(@Nullable String accept) {
        if (accept == null) {
            return false;
        }
        double json = -1;
        double html = -1;
        double any = -1;
        for (int from = 0; from <= accept.length(); ) {
            int comma = accept.indexOf(',', from);
            int end = comma < 0 ? accept.length() : comma;
            int semicolon = accept.indexOf(';', from);
            int typeEnd = semicolon >= 0 && semicolon < end ? semicolon : end;
            String type = accept.substring(from, typeEnd).trim();
            double weight = weight(accept, typeEnd, end);
            if (type.equalsIgnoreCase("application/json")
                    || type.regionMatches(true, type.length() - 5, "+json", 0, 5)) {
                json = Math.max(json, weight);
            } else if (type.equalsIgnoreCase("text/html") || type.equalsIgnoreCase("text/*")) {
                html = Math.max(html, weight);
            } else if (type.equals("*/*")) {
                any = Math.max(any, weight);
            }
            from = end + 1;
        }
        return json > 0 && json > html && json >= any;
    }

    private static double weight(String accept, int from, int to) {
        int at = accept.indexOf("q=", from);
        if (at < 0 || at >= to) {
            return 1;
        }
        try {
            return Double.parseDouble(accept.substring(at + 2, to).trim());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
