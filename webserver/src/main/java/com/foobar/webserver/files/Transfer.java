package com.foobar.webserver.files;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.channels.StreamSinkChannel;

/**
 * Sends pieces of an open file, as fast as the client takes them and never waiting for it: while it takes nothing, this holds
 * the open file and no buffer. Plain HTTP/1 gets the bytes from the page cache by sendfile; TLS and HTTP/2 through a buffer.
 * All on the exchange's I/O thread, but the closing of the connection, which may come from any.
 */
final class Transfer implements ChannelListener<StreamSinkChannel>, ExchangeCompletionListener {
    private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);

    /** What one client may get before the others of its thread have their turn. */
    private static final long TURN_BYTES = 2 << 20;

    /** Bytes of a frame around a range, or else bytes of the file from here to there. */
    record Piece(@Nullable String frame, long from, long to) {
        static Piece frame(String ascii) {
            return new Piece(ascii, 0, ascii.length());
        }

        static Piece slice(long from, long to) {
            return new Piece(null, from, to);
        }
    }

    private final HttpServerExchange exchange;
    private final OpenFile file;
    private final List<Piece> pieces;
    private final boolean sendfile;
    private final Runnable done;
    private int piece;
    private long at;

    /** The first bytes go with the head in one write; Undertow's own transfer would read from the channel's position then. */
    private boolean begun;

    private boolean ended;

    /** The file must have been retained; it is released when the exchange is over, however that comes. */
    Transfer(HttpServerExchange exchange, OpenFile file, List<Piece> pieces, Runnable done) {
        this.exchange = exchange;
        this.file = file;
        this.pieces = pieces;
        this.done = done;
        this.at = pieces.get(0).from;
        this.sendfile = exchange.getConnection() instanceof HttpServerConnection connection
                && connection.getSslSessionInfo() == null;
    }

    void begin() {
        exchange.addExchangeCompleteListener(this);
        StreamSinkChannel sink = exchange.getResponseChannel();
        if (sink == null) {
            end();
            throw new IllegalStateException("the response has begun already");
        }
        sink.getWriteSetter().set(this);
        // Undertow ends the exchange of a connection that is closed; should it ever not, the file must still be let go.
        sink.getCloseSetter().set(closed -> end());
        handleEvent(sink);
    }

    @Override
    public void handleEvent(StreamSinkChannel sink) {
        try {
            for (long turn = TURN_BYTES; turn > 0; ) {
                if (finishedPiece()) {
                    sink.suspendWrites();
                    exchange.endExchange();
                    return;
                }
                long count = step(sink);
                if (count == 0) {
                    sink.resumeWrites();
                    return;
                }
                begun = true;
                at += count;
                turn -= count;
            }
            sink.resumeWrites();
        } catch (Truncated shorter) {
            LOG.warn(
                    "{}: the file became shorter while it was sent; the answer was cut off after {} bytes",
                    exchange.getRequestPath(),
                    exchange.getResponseBytesSent());
            abort(sink);
        } catch (IOException gone) {
            LOG.debug("the client left", gone);
            abort(sink);
        }
    }

    private boolean finishedPiece() {
        while (at >= pieces.get(piece).to) {
            if (++piece == pieces.size()) {
                piece--;
                return true;
            }
            at = pieces.get(piece).from;
        }
        return false;
    }

    /** How many bytes the client took; 0 when it takes none now. */
    private long step(StreamSinkChannel sink) throws IOException {
        Piece now = pieces.get(piece);
        String frame = now.frame;
        if (frame != null) {
            return sink.write(ByteBuffer.wrap(frame.substring((int) at).getBytes(StandardCharsets.US_ASCII)));
        }
        FileChannel channel = file.channel();
        if (!sendfile) {
            return copy(channel, now, sink);
        }
        if (!begun && !sink.flush()) {
            return 0;
        }
        begun = true;
        long count = sink.transferFrom(channel, at, Math.min(now.to - at, TURN_BYTES));
        if (count <= 0 && channel.size() <= at) {
            throw new Truncated();
        }
        return Math.max(0, count);
    }

    private long copy(FileChannel channel, Piece now, StreamSinkChannel sink) throws IOException {
        try (PooledByteBuffer pooled =
                exchange.getConnection().getByteBufferPool().allocate()) {
            ByteBuffer buffer = pooled.getBuffer();
            buffer.limit((int) Math.min(buffer.remaining(), now.to - at));
            if (channel.read(buffer, at) <= 0) {
                throw new Truncated();
            }
            buffer.flip();
            long total = 0;
            // What is not taken is read again later: a slow client must not hold buffers.
            while (buffer.hasRemaining()) {
                int count = sink.write(buffer);
                if (count == 0) {
                    break;
                }
                total += count;
            }
            return total;
        }
    }

    /** So that no client can take what it has for the whole. */
    private void abort(StreamSinkChannel sink) {
        if (exchange.getConnection() instanceof HttpServerConnection connection) {
            if (!exchange.isHttp11()) {
                try {
                    // To HTTP/1.0 the end of the connection is the end of the body: only a reset says otherwise.
                    connection.setOption(Options.CLOSE_ABORT, true);
                } catch (IOException closedAlready) {
                    IoUtils.safeClose(connection);
                }
            }
            IoUtils.safeClose(connection);
        } else {
            // HTTP/2: closing the unfinished stream resets it and leaves the others alone.
            IoUtils.safeClose(sink);
        }
        exchange.endExchange();
        end();
    }

    @Override
    public void exchangeEvent(HttpServerExchange complete, NextListener next) {
        end();
        next.proceed();
    }

    private void end() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        done.run();
    }

    /** The file is shorter than it was promised to be. */
    private static final class Truncated extends IOException {
        private static final long serialVersionUID = 1;
    }
}
