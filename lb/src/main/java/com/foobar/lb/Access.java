package com.foobar.lb;

import com.foobar.http.forward.Ending;
import com.foobar.http.forward.Journey;
import com.foobar.kernel.json.JsonWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the access log: plain values, copied while the exchange is there, written when nobody waits.
 *
 * @param journey null when the balancer answered by itself
 */
record Access(
        Instant at,
        String balancer,
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
    private static final double NANOS_PER_MILLI = 1e6;

    /** The timers are HAProxy's: queue, connect, response, total; the reason says who ended the request and why. */
    static void line(Access access, StringBuilder out) {
        JsonWriter json = new JsonWriter(out);
        json.beginObject()
                .field("ts", access.at.toString())
                .field("lb", access.balancer)
                .field("id", access.visit.id())
                .field("trace", access.visit.trace())
                .field("client", access.visit.client().getHostAddress())
                .field("scheme", access.scheme)
                .field("protocol", access.protocol)
                .field("method", access.method)
                .field("host", access.visit.host())
                .field("target", access.target)
                .field("status", access.status)
                .field("bytes", access.bytes);
        Journey journey = access.journey;
        if (journey != null) {
            json.field("pool", journey.pool())
                    .field("backend", journey.backend())
                    .field("retries", journey.retries())
                    .field("queueMs", millis(journey.queueNanos()))
                    .field("connectMs", millis(journey.connectNanos()))
                    .field("responseMs", millis(journey.firstByteNanos()));
            if (journey.ending().who() != Ending.Who.NOBODY) {
                json.field("endedBy", lower(journey.ending().who()));
            }
            if (!journey.detail().isEmpty()) {
                json.field("detail", journey.detail());
            }
        }
        json.field("totalMs", millis(access.totalNanos)).field("reason", access.reason).end();
    }

    static String lower(Enum<?> word) {
        return word.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static double millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MILLI * 1000) / 1000.0;
    }
}
