package com.foobar.http.forward;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;

/** Changes to the head of a request before it is sent, or of a response before it is passed on; on the I/O thread. */
@FunctionalInterface
public interface Edits {
    Edits NONE = (exchange, headers) -> {};

    void edit(HttpServerExchange exchange, HeaderMap headers);
}
