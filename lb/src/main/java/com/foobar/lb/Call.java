package com.foobar.lb;

import com.foobar.http.tier.Visit;
import com.foobar.lb.rule.Route;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import org.jspecify.annotations.Nullable;

/**
 * A request at the balancer: who asks, and the rule it falls under.
 *
 * @param route null when no host of ours was asked for
 */
record Call(Visit visit, @Nullable Route route) {
    private static final AttachmentKey<Call> KEY = AttachmentKey.create(Call.class);

    void attach(HttpServerExchange exchange) {
        exchange.putAttachment(KEY, this);
    }

    static Call of(HttpServerExchange exchange) {
        Call call = exchange.getAttachment(KEY);
        if (call == null) {
            throw new IllegalStateException("the exchange did not come through the front");
        }
        return call;
    }
}
