package com.foobar.http.tier;

import com.foobar.http.forward.Ending;
import com.foobar.http.forward.Journey;
import com.foobar.kernel.json.Json;
import com.foobar.kernel.time.Time;
import io.undertow.server.HttpServerExchange;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the access log: plain values, copied while the exchange is there, written when nobody waits.
 *
 * @param tier the kind of tier, the name of the field that holds its name
 * @param journey null when the tier answered by itself
 * @param reason who ended the request and why, in a word
 */
public record Access(
        Instant at,
        String tier,
        String name,
        Visit visit,
        String method,
        String target,
        String protocol,
        String scheme,
        int status,
        long bytes,
        long totalNanos,
        @Nullable Journey journey,
        String reason) {
    /** What the tier has to tell once the answer is decided. */
    public static Access of(
            HttpServerExchange exchange,
            String tier,
            String name,
            Visit visit,
            int status,
            @Nullable Journey journey,
            String reason,
            Time time) {
        String query = exchange.getQueryString();
        String target = query.isEmpty() ? exchange.getRequestURI() : exchange.getRequestURI() + '?' + query;
        return new Access(
                time.instant(),
                tier,
                name,
                visit,
                exchange.getRequestMethod().toString(),
                target,
                exchange.getProtocol().toString(),
                exchange.getRequestScheme(),
                status,
                exchange.getResponseBytesSent(),
                time.nanos() - visit.begun(),
                journey,
                reason);
    }

    private static final long NANOS_PER_MICRO = 1000;

    /**
     * The timers are HAProxy's: queue, connect, response, total; the reason says who ended the request and why. Written by hand
     * because this line is a quarter of what a request costs when it is not; only what came from outside needs quoting.
     */
    public static void line(Access access, StringBuilder out) {
        Visit visit = access.visit;
        out.append("{\"ts\":\"");
        Stamp.append(access.at, out);
        out.append("\",\"").append(access.tier);
        plain(out, "\":\"", access.name);
        plain(out, "\",\"id\":\"", visit.id());
        plain(out, "\",\"trace\":\"", visit.trace());
        plain(out, "\",\"client\":\"", visit.client().getHostAddress());
        plain(out, "\",\"scheme\":\"", access.scheme);
        quoted(out, "\",\"protocol\":", access.protocol);
        quoted(out, ",\"method\":", access.method);
        quoted(out, ",\"host\":", visit.host());
        quoted(out, ",\"target\":", access.target);
        out.append(",\"status\":").append(access.status).append(",\"bytes\":").append(access.bytes);
        if (access.journey != null) {
            journey(access.journey, out);
        }
        millis(out, ",\"totalMs\":", access.totalNanos);
        plain(out, ",\"reason\":\"", access.reason);
        out.append("\"}");
    }

    private static void journey(Journey journey, StringBuilder out) {
        quoted(out, ",\"pool\":", journey.pool());
        if (journey.backend() != null) {
            quoted(out, ",\"backend\":", journey.backend());
        }
        out.append(",\"retries\":").append(journey.retries());
        millis(out, ",\"queueMs\":", journey.queueNanos());
        millis(out, ",\"connectMs\":", journey.connectNanos());
        millis(out, ",\"responseMs\":", journey.firstByteNanos());
        if (journey.ending().who() != Ending.Who.NOBODY) {
            plain(out, ",\"endedBy\":\"", lower(journey.ending().who()));
            out.append('"');
        }
        if (!journey.detail().isEmpty()) {
            quoted(out, ",\"detail\":", journey.detail());
        }
    }

    private static void plain(StringBuilder out, String name, String value) {
        out.append(name).append(value);
    }

    private static void quoted(StringBuilder out, String name, String value) {
        out.append(name);
        Json.quote(value, out);
    }

    /** With three decimals. */
    private static void millis(StringBuilder out, String name, long nanos) {
        long micros = nanos / NANOS_PER_MICRO;
        long rest = micros % 1000;
        out.append(name).append(micros / 1000).append('.');
        out.append((char) ('0' + rest / 100))
                .append((char) ('0' + rest / 10 % 10))
                .append((char) ('0' + rest % 10));
    }

    /** A constant as users read it. */
    public static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Formats instants, most of them in the same second as the one before. For the journal's thread. */
    private static final class Stamp {
        private static final ThreadLocal<Stamp> OWN = ThreadLocal.withInitial(Stamp::new);
        private long second = Long.MIN_VALUE;
        private String text = "";

        static void append(Instant at, StringBuilder out) {
            Stamp own = OWN.get();
            if (at.getEpochSecond() != own.second) {
                own.second = at.getEpochSecond();
                String whole = Instant.ofEpochSecond(own.second).toString();
                own.text = whole.substring(0, whole.length() - 1);
            }
            int millis = at.getNano() / 1_000_000;
            out.append(own.text).append('.');
            out.append((char) ('0' + millis / 100))
                    .append((char) ('0' + millis / 10 % 10))
                    .append((char) ('0' + millis % 10))
                    .append('Z');
        }
    }
}
