package com.foobar.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response as it was on the wire.
 *
 * @param headers in order, duplicates and case kept
 * @param latin1 the body, chunks already joined, one character per byte
 * @param trailers what came after the last chunk
 * @param ending how the body ended
 * @param interim the 1xx responses that came before, in order
 */
public record RawResponse(
        String version,
        int status,
        String reason,
        List<Header> headers,
        String latin1,
        List<Header> trailers,
        Ending ending,
        List<RawResponse> interim) {

    /** How a body came to its end. */
    public enum Ending {
        /** By its nature there was none (HEAD, 1xx, 204, 304). */
        NO_BODY,
        CONTENT_LENGTH,
        LAST_CHUNK,
        /** Neither length nor chunks were given, so the close is the proper end. */
        CLOSE,
        /** The connection was closed before the promised end. */
        CUT,
        /** The connection was reset before the end. */
        RESET
    }

    /** Whether the body ended where the message said it would: what a client may trust. */
    public boolean complete() {
        return ending != Ending.CUT && ending != Ending.RESET;
    }

    /** The first value of that name, or null. */
    public @Nullable String header(String name) {
        return Header.first(headers, name);
    }

    public List<String> headers(String name) {
        return Header.all(headers, name);
    }

    public @Nullable String trailer(String name) {
        return Header.first(trailers, name);
    }

    public byte[] body() {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    RawResponse after(List<RawResponse> earlier) {
        return new RawResponse(version, status, reason, headers, latin1, trailers, ending, List.copyOf(earlier));
    }
}
