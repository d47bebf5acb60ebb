package com.foobar.http.forward;

import io.undertow.server.HttpServerExchange;

/** What a client is told when no backend answers it. */
public interface Refusals {
    /**
     * Answers and ends the exchange, on its I/O thread and outside the call of its handler.
     *
     * @param status 502, 503 or 504, or 400, 408, 413, 500 where the request itself is to blame or this side is
     * @param why for a page or a header
     * @param detail for a log; it names backends and is not for the client
     */
    void refuse(HttpServerExchange exchange, int status, Ending why, String detail);

    /** Bare status codes. */
    static Refusals bare() {
        return (exchange, status, why, detail) -> {
            exchange.setStatusCode(status);
            exchange.endExchange();
        };
    }
}
