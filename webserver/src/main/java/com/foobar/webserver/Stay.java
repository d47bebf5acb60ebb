package com.foobar.webserver;

import com.foobar.http.tier.Visit;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;

/** One request while it is here; on its I/O thread. */
final class Stay {
    private static final AttachmentKey<Stay> KEY = AttachmentKey.create(Stay.class);

    final Visit visit;

    /** Whether the way to the application tells of its end; otherwise the end of the exchange does. */
    boolean forwarded;

    /** Who ended it and why, in a word. */
    String reason = "file";

    private Stay(Visit visit) {
        this.visit = visit;
    }

    static void begin(HttpServerExchange exchange, Visit visit) {
        exchange.putAttachment(KEY, new Stay(visit));
    }

    static Stay of(HttpServerExchange exchange) {
        Stay stay = exchange.getAttachment(KEY);
        if (stay == null) {
            throw new IllegalStateException("the exchange did not come through the front");
        }
        return stay;
    }
}
