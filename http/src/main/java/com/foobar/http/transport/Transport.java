package com.foobar.http.transport;

import io.undertow.server.HttpServerExchange;

/** A way for a request to reach the next tier. */
public interface Transport {
    /**
     * Sends the request as it stands in the exchange, its header map included, and passes the response on. Must be called on
     * the exchange's I/O thread and outside the call of its handler (dispatched): the errand may have ended on return.
     */
    void send(HttpServerExchange exchange, Errand errand);
}
