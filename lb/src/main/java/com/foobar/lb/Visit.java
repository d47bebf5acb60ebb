package com.foobar.lb;

import com.foobar.lb.rule.Route;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.net.InetAddress;

/** What the balancer knows about one request besides its exchange. */
record Visit(String id, String trace, InetAddress client, String host, Route route, long begun) {
    private static final AttachmentKey<Visit> KEY = AttachmentKey.create(Visit.class);

    void attach(HttpServerExchange exchange) {
        exchange.putAttachment(KEY, this);
    }

    static Visit of(HttpServerExchange exchange) {
        Visit visit = exchange.getAttachment(KEY);
        if (visit == null) {
            throw new IllegalStateException("the exchange did not come through the front");
        }
        return visit;
    }
}
