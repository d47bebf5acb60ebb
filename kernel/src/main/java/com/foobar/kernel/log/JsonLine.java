package com.foobar.kernel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.foobar.kernel.json.JsonWriter;
import java.time.Instant;
import org.slf4j.event.KeyValuePair;

/**
 * The line a machine reads. Our own and not logback's JsonEncoder: that one writes sequence numbers and its context into every
 * line and an exception as an array per frame; this one reads well in {@code jq} and in a pager.
 */
final class JsonLine {

    private JsonLine() {}

    /** Appends one object, without a line end. */
    static void append(ILoggingEvent event, StringBuilder out) {
        JsonWriter line = new JsonWriter(out);
        line.beginObject()
                .field("ts", Instant.ofEpochMilli(event.getTimeStamp()).toString())
                .field("level", event.getLevel().toString())
                .field("role", Owner.of(event))
                .field("logger", event.getLoggerName())
                .field("thread", event.getThreadName())
                .field("message", event.getFormattedMessage());
        context(event, line);
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.field("exception", ThrowableProxyUtil.asString(thrown));
        }
        line.end();
    }

    /** MDC and key-values under names of their own: a request header must never overwrite {@code level}. */
    private static void context(ILoggingEvent event, JsonWriter line) {
        var mdc = event.getMDCPropertyMap();
        if (mdc != null && !mdc.isEmpty()) {
            line.name("mdc").any(mdc);
        }
        var pairs = event.getKeyValuePairs();
        if (pairs != null && !pairs.isEmpty()) {
            line.name("fields").beginObject();
            for (KeyValuePair pair : pairs) {
                line.name(pair.key).any(pair.value);
            }
            line.end();
        }
    }
}
