package com.foobar.http.transport;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;

/** A tier of this JVM that cannot take over every exchange; what it does not take goes over the socket. */
public interface DirectHandler extends HttpHandler {
    /** Must leave the exchange as it is. */
    boolean takes(HttpServerExchange exchange);
}
