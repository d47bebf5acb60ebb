package com.foobar.http.transport;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.channels.StreamSinkChannel;

/** The client's side of a response that cannot be completed. */
public final class Front {
    private Front() {}

    static void abort(HttpServerExchange exchange) {
        abort(exchange, null);
    }

    /** Ends it so that no client can take what it has for the whole. */
    public static void abort(HttpServerExchange exchange, @Nullable StreamSinkChannel response) {
        if (!(exchange.getConnection() instanceof HttpServerConnection)) {
            // HTTP/2: closing the unfinished stream resets it and leaves the others alone.
            IoUtils.safeClose(response);
            if (!exchange.isResponseStarted()) {
                exchange.setStatusCode(StatusCodes.GATEWAY_TIME_OUT);
            }
            exchange.endExchange();
            return;
        }
        if (!exchange.isHttp11()) {
            try {
                // To HTTP/1.0 the end of the connection is the end of the body: only a reset says otherwise.
                exchange.getConnection().setOption(Options.CLOSE_ABORT, true);
            } catch (IOException closedAlready) {
                IoUtils.safeClose(exchange.getConnection());
            }
        }
        IoUtils.safeClose(exchange.getConnection());
        exchange.endExchange();
    }
}
