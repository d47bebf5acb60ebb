package com.foobar.http.tier;

import com.foobar.http.listen.Forwarding;
import com.foobar.http.listen.Received;
import com.foobar.http.listen.RequestIds;
import com.foobar.http.listen.TraceParent;
import com.foobar.http.listen.Trust;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;

/**
 * Who asks: what a tier knows about a request besides its exchange.
 *
 * @param trace the W3C traceparent, with a span of this tier
 * @param from the client and what it asked for, as far as those who told of it are believed
 * @param trusted whether the peer is one of ours
 * @param begun on the monotonic clock
 */
public record Visit(String id, String trace, Forwarding from, boolean trusted, long begun) {
    public static final HttpString REQUEST_ID = HttpString.tryFromString("X-Request-Id");
    private static final HttpString TRACE_PARENT = HttpString.tryFromString("traceparent");
    private static final HttpString VIA = HttpString.tryFromString("Via");
    private static final HttpString FORWARDED = HttpString.tryFromString("Forwarded");
    private static final AttachmentKey<Told> TOLD = AttachmentKey.create(Told.class);

    public static Visit of(HttpServerExchange exchange, Trust trust, long now) {
        return of(exchange, exchange.getSourceAddress().getAddress(), trust, now);
    }

    /** From a peer that is not the other end of the exchange's connection: a tier of this process that handed it over. */
    public static Visit of(HttpServerExchange exchange, InetAddress peer, Trust trust, long now) {
        boolean trusted = trust.trusts(peer);
        HeaderMap headers = exchange.getRequestHeaders();
        Told told = exchange.getAttachment(TOLD);
        if (told != null) {
            if (trusted && told.stands(headers)) {
                return told.visit.next(peer, now);
            }
            exchange.removeAttachment(TOLD);
        }
        return new Visit(
                RequestIds.of(trusted, headers.getFirst(REQUEST_ID)),
                TraceParent.next(trusted, headers.getFirst(TRACE_PARENT)),
                Forwarding.of(peer, trust, Received.of(exchange)),
                trusted,
                now);
    }

    private Visit next(InetAddress peer, long now) {
        return new Visit(id, TraceParent.next(trace), from.through(peer), true, now);
    }

    public InetAddress client() {
        return from.client();
    }

    public String host() {
        return from.host();
    }

    /** Tells the next tier who asks. What clients claimed about themselves is replaced, not added to. */
    public void introduce(HttpServerExchange exchange) {
        Told told = new Told(this, from.forwardedFor(), from.forwarded());
        told.write(exchange.getRequestHeaders());
        // What others claimed about hops before this process, the next tier may believe less of than this one does.
        if (from.direct() || exchange.getAttachment(TOLD) != null) {
            exchange.putAttachment(TOLD, told);
        }
    }

    /** {@code Via: 1.1 lb1, 1.1 web2}: tells the next tier also who passed the request on. */
    public void sign(HeaderMap headers, String name) {
        String before = trusted ? headers.getFirst(VIA) : null;
        headers.put(VIA, (before == null ? "1.1 " : before + ", 1.1 ") + name);
    }

    /** What one tier of this process has told the next: as long as the fields are the very same, they need no reading. */
    private record Told(Visit visit, String forwardedFor, String forwarded) {

        void write(HeaderMap headers) {
            headers.put(REQUEST_ID, visit.id);
            headers.put(TRACE_PARENT, visit.trace);
            headers.put(Headers.X_FORWARDED_FOR, forwardedFor);
            headers.put(Headers.X_FORWARDED_PROTO, visit.from.scheme());
            headers.put(Headers.X_FORWARDED_HOST, visit.from.host());
            headers.put(FORWARDED, forwarded);
        }

        /** Rules of a route may have changed any of them. */
        boolean stands(HeaderMap headers) {
            return is(headers, REQUEST_ID, visit.id)
                    && is(headers, TRACE_PARENT, visit.trace)
                    && is(headers, Headers.X_FORWARDED_FOR, forwardedFor)
                    && is(headers, Headers.X_FORWARDED_PROTO, visit.from.scheme())
                    && is(headers, Headers.X_FORWARDED_HOST, visit.from.host())
                    && is(headers, FORWARDED, forwarded);
        }

        @SuppressWarnings("ReferenceEquality") // the same object is the same text, and costs nothing to compare
        private static boolean is(HeaderMap headers, HttpString name, String value) {
            HeaderValues values = headers.get(name);
            return values != null && values.size() == 1 && values.getFirst() == value;
        }
    }
}
