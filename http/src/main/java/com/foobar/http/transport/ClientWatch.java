package com.foobar.http.transport;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * Notices a client that leaves while its request is waiting. Undertow has switched off reading after the head; switching it on
 * again before the next select costs no system call, and saves the two that switching it on after the response would cost.
 * HTTP/1.1 only: on HTTP/2 the loss is seen when the response is written.
 */
public final class ClientWatch implements ChannelListener<ConduitStreamSourceChannel> {
    private final Runnable gone;
    private @Nullable HttpServerConnection connection;

    public ClientWatch(Runnable gone) {
        this.gone = gone;
    }

    /** Watches the client of an exchange whose request is complete; any other is left alone. */
    public void begin(HttpServerExchange exchange) {
        if (!exchange.isRequestComplete() || !(exchange.getConnection() instanceof HttpServerConnection one)) {
            return;
        }
        // A pipelined request is waiting already: nothing can be learnt without reading on and on.
        if (one.getExtraBytes() != null) {
            return;
        }
        connection = one;
        ConduitStreamSourceChannel source = one.getChannel().getSourceChannel();
        source.setReadListener(this);
        source.resumeReads();
    }

    /** The exchange goes back to somebody else unfinished. */
    public void end() {
        HttpServerConnection one = connection;
        if (one != null) {
            connection = null;
            ConduitStreamSourceChannel source = one.getChannel().getSourceChannel();
            source.suspendReads();
            source.setReadListener(null);
        }
    }

    /** The exchange is complete and Undertow has taken reading over. */
    public void forget() {
        connection = null;
    }

    @Override
    public void handleEvent(ConduitStreamSourceChannel source) {
        HttpServerConnection one = connection;
        if (one == null || one.getChannel().getSourceChannel() != source) {
            source.suspendReads();
            return;
        }
        PooledByteBuffer pooled = one.getByteBufferPool().allocate();
        boolean kept = false;
        try {
            ByteBuffer buffer = pooled.getBuffer();
            int n = source.read(buffer);
            if (n > 0) {
                buffer.flip();
                one.ungetRequestBytes(pooled);
                kept = true;
                source.suspendReads();
            } else if (n < 0) {
                left(source);
            }
        } catch (IOException broken) {
            left(source);
        } finally {
            if (!kept) {
                pooled.close();
            }
        }
    }

    private void left(ConduitStreamSourceChannel source) {
        connection = null;
        source.suspendReads();
        gone.run();
    }
}
