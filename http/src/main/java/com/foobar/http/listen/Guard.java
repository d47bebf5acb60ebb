package com.foobar.http.listen;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Stands between the socket (or TLS) and Undertow on every HTTP/1 connection. Every byte passes the {@link MessageScanner}
 * before Undertow reads it, so what the scanner refuses was never seen by anybody else; and the clock of a head or a body runs
 * here, where no drip restarts it.
 *
 * <p>Reads come from the connection's I/O thread, or from the one worker thread that a blocking handler reads its body on;
 * timers run on the I/O thread and only look at what is volatile.
 */
final class Guard extends AbstractStreamSourceConduit<StreamSourceConduit> implements Conversation {

    private static final long MOST_LINGER_BYTES = 1024 * 1024;

    private static final int MOST_DISCARDS = 8;

    private final Door door;
    private final StreamConnection connection;
    private final StreamSinkConduit sink;
    private final MessageScanner scanner;
    private final Watch watch;

    private @Nullable PooledByteBuffer first;

    /** The exchange that was begun last; it is in flight until it is complete. */
    private volatile @Nullable HttpServerExchange current;

    /** What the next read has to answer, once everything before it is answered. */
    private volatile @Nullable Fault pending;

    private volatile boolean refused;

    Guard(Door door, StreamConnection connection, @Nullable PooledByteBuffer first) {
        super(connection.getSourceChannel().getConduit());
        this.door = door;
        this.connection = connection;
        this.sink = connection.getSinkChannel().getConduit();
        this.scanner = new MessageScanner(door.limits());
        this.watch = new Watch();
        this.first = first;
        if (first != null) {
            // Undertow closes a connection without reading what was pushed back; the buffer must not be lost to the
            // pool.
            connection.setCloseListener(closed -> freeFirst());
        }
    }

    /** A handler takes the exchange: called before anything is answered. */
    void began(HttpServerExchange exchange) {
        current = exchange;
    }

    private boolean inFlight() {
        HttpServerExchange exchange = current;
        return exchange != null && !exchange.isComplete();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (pending != null || refused) {
            return answerPending();
        }
        int start = into.position();
        int count = first != null ? readFirst(into) : next.read(into);
        if (count <= 0) {
            watch.waits(count);
            return count;
        }
        if (upgraded()) {
            scanner.opaque();
            watch.end();
        }
        int end = start + count;
        int passed = scanner.scan(into, start, end);
        if (passed < end || scanner.fault() != null) {
            return stop(into, start, passed);
        }
        watch.saw();
        return count;
    }

    private int stop(ByteBuffer into, int start, int passed) throws IOException {
        Fault fault = Objects.requireNonNull(scanner.fault());
        into.position(passed);
        watch.end();
        if (scanner.faultInBody()) {
            into.position(start);
            refuseBody(fault);
            discard(into);
            throw new RequestBodyRefused(fault);
        }
        pending = fault;
        // What came before the faulty message is whole and gets its answer first.
        return passed > start ? passed - start : answerPending();
    }

    private int answerPending() throws IOException {
        Fault fault = pending;
        if (refused) {
            if (fault != null && inFlight()) {
                throw new RequestBodyRefused(fault);
            }
            return 0;
        }
        if (fault != null && !inFlight()) {
            refuse(fault);
        }
        return 0;
    }

    /** Answers in the name of nobody's exchange and lets the client hear it before the connection goes. */
    private void refuse(Fault fault) {
        refused = true;
        door.counters().refused(fault);
        try {
            write(fault);
        } catch (IOException e) {
            IoUtils.safeClose(connection);
            return;
        }
        // Undertow sets its own listener after this read returns; ours has to come after it.
        Door.onThread(connection, this::linger);
    }

    private void refuseBody(Fault fault) {
        refused = true;
        pending = fault;
        door.counters().refused(fault);
        HttpServerExchange exchange = current;
        if (exchange != null && !exchange.isComplete() && !exchange.isResponseStarted()) {
            try {
                write(fault);
            } catch (IOException e) {
                IoUtils.safeClose(connection);
            }
        }
    }

    /** Undertow closes at once after the throw; what is still unread then would turn the close into a reset. */
    private void discard(ByteBuffer scratch) throws IOException {
        int start = scratch.position();
        int count = 1;
        for (int i = 0; i < MOST_DISCARDS && count > 0 && scratch.hasRemaining(); i++) {
            count = next.read(scratch);
            scratch.position(start);
        }
    }

    private void write(Fault fault) throws IOException {
        ByteBuffer page = door.pages().raw(fault, RequestIds.next());
        // A client whose receive window is shut gets what fits: waiting for it would be its choice of our time.
        while (page.hasRemaining() && sink.write(page) > 0) {}
        sink.terminateWrites();
        sink.flush();
    }

    private void linger() {
        new Linger(connection, next, sink, door.buffers(), door.limits().linger(), MOST_LINGER_BYTES).begin();
    }

    @Override
    public void finish() {
        Door.onThread(connection, this::closeIfIdle);
    }

    @Override
    public void cut() {
        Door.onThread(connection, () -> IoUtils.safeClose(connection));
    }

    /** Whether the connection has become a tunnel, which has no next answer to end with. */
    private boolean upgraded() {
        HttpServerExchange exchange = current;
        return exchange != null && exchange.isUpgrade();
    }

    private boolean mayEnd() {
        return upgraded() ? !door.sparesTunnels() : scanner.between() && !inFlight();
    }

    private void closeIfIdle() {
        if (mayEnd() && !refused && pending == null && first == null) {
            refused = true;
            try {
                sink.terminateWrites();
                sink.flush();
                linger();
            } catch (IOException e) {
                IoUtils.safeClose(connection);
            }
        }
    }

    @Override
    public void resumeReads() {
        if (refused) {
            return;
        }
        if (first != null || (pending != null && !inFlight())) {
            next.wakeupReads();
            return;
        }
        next.resumeReads();
        if (door.draining() && mayEnd()) {
            Door.onThread(connection, this::closeIfIdle);
        }
    }

    @Override
    public void awaitReadable() throws IOException {
        if (first == null) {
            watch.blocks(true);
            try {
                next.awaitReadable();
            } finally {
                watch.blocks(false);
            }
        }
    }

    @Override
    public void awaitReadable(long time, TimeUnit unit) throws IOException {
        if (first == null) {
            watch.blocks(true);
            try {
                next.awaitReadable(time, unit);
            } finally {
                watch.blocks(false);
            }
        }
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (into[i].hasRemaining()) {
                return read(into[i]);
            }
        }
        return 0;
    }

    @Override
    public long transferTo(long position, long count, FileChannel target) throws IOException {
        return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
    }

    @Override
    public long transferTo(long count, ByteBuffer through, StreamSinkChannel target) throws IOException {
        return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
    }

    private int readFirst(ByteBuffer into) {
        PooledByteBuffer pooled = Objects.requireNonNull(first);
        ByteBuffer bytes = pooled.getBuffer();
        int count = Math.min(bytes.remaining(), into.remaining());
        int end = bytes.limit();
        bytes.limit(bytes.position() + count);
        into.put(bytes);
        bytes.limit(end);
        if (!bytes.hasRemaining()) {
            freeFirst();
        }
        return count;
    }

    private void freeFirst() {
        PooledByteBuffer pooled = first;
        first = null;
        if (pooled != null) {
            pooled.close();
        }
    }

    /** The clock of the present head or body. */
    private final class Watch implements Runnable {

        private XnioExecutor.@Nullable Key key;
        private volatile long message;
        private volatile boolean head;
        private volatile long bytes;
        private volatile long waited;

        /** When the server began to wait for the body's next byte; 0 while it does not wait. */
        private volatile long waitsSince;

        private volatile boolean blocked;

        /** Bytes passed: the ordinary request, whole in one read, costs two comparisons here. */
        void saw() {
            if (scanner.inHead()) {
                if (key == null || !head || message != scanner.messages()) {
                    begin(true);
                }
            } else if (scanner.inBody()) {
                if (key == null || head || message != scanner.messages()) {
                    begin(false);
                } else if (waitsSince != 0) {
                    long before = waited;
                    waited = before + door.time().nanos() - waitsSince;
                    waitsSince = 0;
                }
                bytes = scanner.bodyBytes();
            } else if (key != null) {
                end();
            }
        }

        /** Nothing was there to read. */
        void waits(int count) {
            if (count == 0 && key != null && !head && waitsSince == 0) {
                waitsSince = door.time().nanos() | 1;
            }
        }

        void blocks(boolean now) {
            blocked = now;
        }

        private void begin(boolean inHead) {
            end();
            head = inHead;
            message = scanner.messages();
            waited = 0;
            waitsSince = 0;
            key = Door.after(
                    connection, inHead ? door.limits().head() : door.limits().bodyGrace(), this);
        }

        void end() {
            Door.cancel(key);
            key = null;
        }

        @Override
        public void run() {
            key = null;
            if (refused || !connection.isOpen()) {
                return;
            }
            if (head) {
                headDue();
            } else {
                bodyDue();
            }
        }

        private void headDue() {
            if (inFlight()) {
                // Pipelined behind a request that is still being answered: its head was not asked for yet.
                key = Door.after(connection, door.limits().head(), this);
                return;
            }
            refused = true;
            door.counters().refused(Fault.HEAD_TOO_SLOW);
            try {
                write(Fault.HEAD_TOO_SLOW);
                linger();
            } catch (IOException e) {
                IoUtils.safeClose(connection);
            }
        }

        private void bodyDue() {
            long now = door.time().nanos();
            long since = waitsSince;
            boolean waiting = since != 0 && (blocked || next.isReadResumed());
            long all = waited + (waiting ? now - since : 0);
            if (since != 0 && !waiting) {
                // The handler has stopped asking: the time since is not the client's.
                waitsSince = now | 1;
            }
            boolean slow = all >= door.limits().bodyGrace().toNanos()
                    && bytes < door.limits().bodyBytesPerSecond() * (double) all / TimeUnit.SECONDS.toNanos(1);
            if (!slow) {
                key = Door.after(connection, Duration.ofSeconds(1), this);
                return;
            }
            refuseBody(Fault.BODY_TOO_SLOW);
            IoUtils.safeClose(connection);
        }
    }
}
