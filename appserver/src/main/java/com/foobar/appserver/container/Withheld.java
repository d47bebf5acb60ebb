package com.foobar.appserver.container;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * An answer that must not leave, because what it promises could not be kept. Jetty notices while it sends the head, when the application
 * can no longer be told and a failure would cut the connection without a word; so another answer takes its place.
 *
 * @param status what the client is told
 * @param reason the word for the access log
 * @param words for whoever reads the answer
 */
public record Withheld(int status, String reason, String words) {
    /** Between the failure and the head there is nothing but Jetty's own calls, all on one thread. */
    private static final ThreadLocal<@Nullable Withheld> NOTICED = new ThreadLocal<>();

    /** The head that is about to leave on this thread is not to. */
    public void notice() {
        NOTICED.set(this);
    }

    static @Nullable Withheld taken() {
        Withheld noticed = NOTICED.get();
        if (noticed != null) {
            NOTICED.remove();
        }
        return noticed;
    }

    ByteBuffer body(String requestId) {
        return ByteBuffer.wrap((words + " (request " + requestId + ")\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Nothing of the application's own goes with it, its cookies least of all. */
    MetaData.Response instead(MetaData.Response meant, HttpFields.Mutable fields, int length) {
        String date = meant.getHttpFields().get(HttpHeader.DATE);
        if (date != null) {
            fields.put(HttpHeader.DATE, date);
        }
        fields.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        fields.put(HttpHeader.CACHE_CONTROL, "no-store");
        fields.put(HttpHeader.CONTENT_LENGTH, length);
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            fields.put(HttpHeader.RETRY_AFTER, "1");
        }
        return new MetaData.Response(status, null, meant.getHttpVersion(), fields, length);
    }
}
