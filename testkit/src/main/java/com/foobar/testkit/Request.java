package com.foobar.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as a scripted backend received it.
 *
 * @param connection which connection of the backend, counted from 1
 * @param headers in order, duplicates and case kept
 * @param latin1 the body, chunks already joined, one character per byte
 * @param complete false when the connection ended inside the body
 */
public record Request(
        int connection,
        String method,
        String target,
        String version,
        List<Header> headers,
        String latin1,
        List<Header> trailers,
        boolean complete) {

    /** The first value of that name, or null. */
    public @Nullable String header(String name) {
        return Header.first(headers, name);
    }

    public List<String> headers(String name) {
        return Header.all(headers, name);
    }

    public byte[] body() {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    boolean wantsClose() {
        return version.equals("HTTP/1.0")
                || headers("Connection").stream().anyMatch(value -> value.equalsIgnoreCase("close"));
    }
}
