package com.foobar.appserver.container;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.HeaderMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.Trailers;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSourceChannel;

/** The body of a request, from the exchange to Jetty. Guarded by the lock of its stream. */
final class IncomingBody {
    private static final int READ_BYTES = 16 * 1024;

    private final HttpServerExchange exchange;
    private final ByteBufferPool buffers;
    private @Nullable StreamSourceChannel source;
    /** What every further read gives: the end, or why there is none. */
    private Content.@Nullable Chunk end;

    IncomingBody(HttpServerExchange exchange, ByteBufferPool buffers) {
        this.exchange = exchange;
        this.buffers = buffers;
    }

    /** Null while there is nothing yet. */
    Content.@Nullable Chunk read() {
        if (end != null) {
            return end;
        }
        try {
            StreamSourceChannel from = source();
            return from == null ? finished() : read(from);
        } catch (IOException broken) {
            end = Content.Chunk.from(understood(broken), true);
            return end;
        }
    }

    /** What to wait for; null when a read gives something at once. */
    @Nullable
    StreamSourceChannel awaited() {
        return end == null ? source() : null;
    }

    /** No more will come; what has ended already has ended well. */
    void fail(Throwable why) {
        if (end == null) {
            end = Content.Chunk.from(why, true);
        }
    }

    private @Nullable StreamSourceChannel source() {
        StreamSourceChannel known = source;
        if (known == null && !exchange.isRequestComplete()) {
            known = exchange.getRequestChannel();
            source = known;
        }
        return known;
    }

    private Content.@Nullable Chunk read(StreamSourceChannel from) throws IOException {
        RetainableByteBuffer buffer = buffers.acquire(READ_BYTES, false);
        ByteBuffer bytes = buffer.getByteBuffer();
        int count = 0;
        try {
            int position = BufferUtil.flipToFill(bytes);
            count = from.read(bytes);
            BufferUtil.flipToFlush(bytes, position);
        } finally {
            if (count <= 0) {
                buffer.release();
            }
        }
        if (count == 0) {
            return null;
        }
        return count < 0 ? finished() : Content.Chunk.asChunk(bytes, false, buffer);
    }

    private Content.Chunk finished() {
        end = Content.Chunk.EOF;
        HeaderMap trailers = exchange.getAttachment(HttpAttachments.REQUEST_TRAILERS);
        return trailers != null && trailers.size() > 0 ? new Trailers(Fields.ofRequest(trailers)) : Content.Chunk.EOF;
    }

    /** So that the application's answer is the one the client of a listener gets. */
    private static Throwable understood(IOException broken) {
        return broken instanceof RequestTooBigException
                ? new HttpException.RuntimeException(HttpStatus.PAYLOAD_TOO_LARGE_413, broken)
                : broken;
    }
}
