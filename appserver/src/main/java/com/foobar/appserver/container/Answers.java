package com.foobar.appserver.container;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Callback;

/** What this tier answers where no application does; the tiers in front have the pages for people. */
final class Answers {
    private Answers() {}

    static void plain(Stay stay, int status, Callback callback) {
        String words =
                switch (status) {
                    case 404 -> "There is no application at this address.";
                    case 503 -> "There are as many requests as can be taken; try again in a moment.";
                    default -> "The request could not be served.";
                };
        stay.response.setStatus(status);
        var fields = stay.response.getHeaders();
        fields.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        fields.put(HttpHeader.CACHE_CONTROL, "no-store");
        byte[] body = (words + " (request " + stay.visit.id() + ")\n").getBytes(StandardCharsets.UTF_8);
        stay.response.write(true, ByteBuffer.wrap(body), callback);
    }
}
