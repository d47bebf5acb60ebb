package com.foobar.http.listen;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/**
 * Cuts a client that does not read what it asked for. Watches only while a write waits for the socket: an answer that fits its
 * buffer, as nearly all do, costs one addition here. (Undertow's own write timeout also cuts the first write after a long
 * silence, which is no fault.)
 */
final class StallWatch extends AbstractStreamSinkConduit<StreamSinkConduit> implements Runnable {

    private final StreamConnection connection;
    private final Duration patience;

    /** Bytes written so far; by one thread at a time, looked at by the I/O thread when the watch ends. */
    private volatile long written;

    private volatile boolean watching;
    private volatile boolean blocked;
    private volatile long writtenBefore;

    StallWatch(StreamSinkConduit next, StreamConnection connection, Duration patience) {
        super(next);
        this.connection = connection;
        this.patience = patience;
    }

    private void watch() {
        if (!watching) {
            watching = true;
            writtenBefore = written;
            Door.after(connection, patience, this);
        }
    }

    @Override
    public void run() {
        watching = false;
        if (!connection.isOpen() || (!blocked && !next.isWriteResumed())) {
            return;
        }
        if (written == writtenBefore) {
            IoUtils.safeClose(connection);
        } else {
            watch();
        }
    }

    private long count(long bytes) {
        if (bytes > 0) {
            long before = written;
            written = before + bytes;
        }
        return bytes;
    }

    @Override
    public void resumeWrites() {
        watch();
        next.resumeWrites();
    }

    @Override
    public void wakeupWrites() {
        watch();
        next.wakeupWrites();
    }

    @Override
    public void awaitWritable() throws IOException {
        blocked = true;
        watch();
        try {
            next.awaitWritable();
        } finally {
            blocked = false;
        }
    }

    @Override
    public void awaitWritable(long time, TimeUnit unit) throws IOException {
        blocked = true;
        watch();
        try {
            next.awaitWritable(time, unit);
        } finally {
            blocked = false;
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return (int) count(next.write(from));
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        return count(next.write(from, offset, length));
    }

    @Override
    public int writeFinal(ByteBuffer from) throws IOException {
        return (int) count(next.writeFinal(from));
    }

    @Override
    public long writeFinal(ByteBuffer[] from, int offset, int length) throws IOException {
        return count(next.writeFinal(from, offset, length));
    }

    @Override
    public long transferFrom(FileChannel from, long position, long count) throws IOException {
        return count(next.transferFrom(from, position, count));
    }

    @Override
    public long transferFrom(StreamSourceChannel source, long count, ByteBuffer through) throws IOException {
        return count(next.transferFrom(source, count, through));
    }
}
