package com.foobar.http.listen;

import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Reads on for a moment after a last answer, to nowhere: a socket closed with unread bytes sends a reset, and the reset would
 * erase the answer before the client has read it. Ends at the client's end, after enough bytes, or after enough time. All on
 * the connection's I/O thread.
 */
final class Linger implements ChannelListener<ConduitStreamSourceChannel>, Runnable {

    private final StreamConnection connection;
    private final StreamSourceConduit source;
    private final StreamSinkConduit sink;
    private final ByteBufferPool buffers;
    private final Duration patience;
    private long bytesLeft;
    private XnioExecutor.@Nullable Key end;

    Linger(
            StreamConnection connection,
            StreamSourceConduit source,
            StreamSinkConduit sink,
            ByteBufferPool buffers,
            Duration patience,
            long mostBytes) {
        this.connection = connection;
        this.source = source;
        this.sink = sink;
        this.buffers = buffers;
        this.patience = patience;
        this.bytesLeft = mostBytes;
    }

    void begin() {
        if (!connection.isOpen()) {
            return;
        }
        end = Door.after(connection, patience, this);
        if (end == null) {
            IoUtils.safeClose(connection);
            return;
        }
        connection.getSourceChannel().setReadListener(this);
        source.wakeupReads();
    }

    @Override
    public void handleEvent(ConduitStreamSourceChannel channel) {
        PooledByteBuffer pooled = buffers.allocate();
        try {
            ByteBuffer buffer = pooled.getBuffer();
            sink.flush();
            int count = source.read(buffer);
            while (count > 0 && bytesLeft > 0) {
                bytesLeft -= count;
                buffer.clear();
                count = source.read(buffer);
            }
            if (count < 0 || bytesLeft <= 0) {
                close();
            }
        } catch (IOException e) {
            close();
        } finally {
            pooled.close();
        }
    }

    @Override
    public void run() {
        end = null;
        close();
    }

    private void close() {
        Door.cancel(end);
        end = null;
        IoUtils.safeClose(connection);
    }
}
