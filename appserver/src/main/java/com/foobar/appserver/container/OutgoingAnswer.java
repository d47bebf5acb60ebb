package com.foobar.appserver.container;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.channels.StreamSinkChannel;

/** An answer, from Jetty to the exchange: one piece at a time, the next when that has left. Guarded by the lock of its stream. */
final class OutgoingAnswer {
    private final HttpServerExchange exchange;
    private final ChannelListener<StreamSinkChannel> writable;
    private @Nullable StreamSinkChannel sink;
    /** What is on its way out, and whom to tell. */
    private @Nullable ByteBuffer bytes;

    private @Nullable Callback whom;
    private boolean last;
    private boolean shut;
    private boolean pushing;

    /** @param writable called on the I/O thread when there is room again */
    OutgoingAnswer(HttpServerExchange exchange, ChannelListener<StreamSinkChannel> writable) {
        this.exchange = exchange;
        this.writable = writable;
    }

    void head(MetaData.Response response) {
        exchange.setStatusCode(response.getStatus());
        Fields.respond(response.getHttpFields(), exchange.getResponseHeaders());
        Supplier<HttpFields> trailers = response.getTrailersSupplier();
        if (trailers != null) {
            exchange.putAttachment(
                    HttpAttachments.RESPONSE_TRAILER_SUPPLIER, () -> Fields.trailers(orNone(trailers.get())));
        }
    }

    private static HttpFields orNone(@Nullable HttpFields fields) {
        return fields == null ? HttpFields.EMPTY : fields;
    }

    /** True when all of it has left; otherwise the I/O thread is told when there is room. */
    boolean send(ByteBuffer content, boolean finishes, Callback callback) throws IOException {
        bytes = content;
        last = finishes;
        whom = callback;
        return push();
    }

    /** As {@link #send}, with the rest of the piece. */
    boolean push() throws IOException {
        pushing = true;
        try {
            StreamSinkChannel to = sink();
            ByteBuffer rest = bytes;
            while (rest != null && rest.hasRemaining()) {
                if (to.write(rest) == 0) {
                    return later(to);
                }
            }
            if (last && !shut) {
                shut = true;
                to.shutdownWrites();
            }
            if (!to.flush()) {
                return later(to);
            }
            Callback unused = forget();
            return true;
        } finally {
            pushing = false;
        }
    }

    private StreamSinkChannel sink() throws IOException {
        StreamSinkChannel known = sink;
        if (known == null) {
            known = exchange.getResponseChannel();
            if (known == null) {
                throw new EofException(DirectStream.GONE);
            }
            known.getWriteSetter().set(writable);
            sink = known;
        }
        return known;
    }

    private static boolean later(StreamSinkChannel to) {
        to.resumeWrites();
        return false;
    }

    /** This thread moves bytes: what the exchange reports meanwhile it reports because of that. */
    boolean isPushing() {
        return pushing;
    }

    /** Who waits for the piece to leave. */
    @Nullable
    Callback whom() {
        return whom;
    }

    /** The piece is nobody's any more; returns who waited for it. */
    @Nullable
    Callback forget() {
        Callback waited = whom;
        whom = null;
        bytes = null;
        return waited;
    }

    /** Null before anything was sent. */
    @Nullable
    StreamSinkChannel channel() {
        return sink;
    }
}
