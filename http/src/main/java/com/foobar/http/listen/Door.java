package com.foobar.http.listen;

import com.foobar.kernel.time.Time;
import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.conduits.ConduitStreamSinkChannel;

/**
 * What the connections of one listener share: limits, pages, counters, and who is inside. A connection becomes a
 * {@link Conversation} here once it is known to speak HTTP.
 */
final class Door {

    /** Undertow's own limits stand behind ours, wide enough that the answer is always ours. */
    private static final int SLACK_BYTES = 64 * 1024;

    private static final int MOST_PARAMETERS = 1000;

    /** Written by the thread that reloads, read by I/O threads. */
    private volatile Limits limits;

    private final Time time;
    private final ErrorPages pages;
    private final Counters counters;
    private final ByteBufferPool buffers;
    private final HttpHandler entrance;
    private final HttpOpenListener http1;

    /** All connections, also those that have not said a word yet; by their outermost face. */
    private final Set<StreamConnection> inside = ConcurrentHashMap.newKeySet();

    private final Set<Conversation> conversations = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private volatile boolean draining;
    private volatile boolean sparesTunnels;

    /** Set when the port is given up: told each time the last connection has gone. */
    private volatile @Nullable Runnable retired;

    Door(Limits limits, Time time, ErrorPages pages, Counters counters, ByteBufferPool buffers, HttpHandler handler) {
        this.limits = limits;
        this.time = time;
        this.pages = pages;
        this.counters = counters;
        this.buffers = buffers;
        this.entrance = new Entrance(this, handler);
        this.http1 = new HttpOpenListener(buffers, options(limits));
        this.http1.setRootHandler(entrance);
    }

    Limits limits() {
        return limits;
    }

    /** For connections that come from now on; those that are inside keep the sizes they began with. */
    void limits(Limits next) {
        http1.setUndertowOptions(options(next));
        limits = next;
    }

    Time time() {
        return time;
    }

    ErrorPages pages() {
        return pages;
    }

    Counters counters() {
        return counters;
    }

    ByteBufferPool buffers() {
        return buffers;
    }

    boolean draining() {
        return draining;
    }

    /** Whether tunnels, which have no next answer to end with, are left alone in the drain. */
    boolean sparesTunnels() {
        return sparesTunnels;
    }

    boolean retired() {
        return retired != null;
    }

    /** As a drain, but tunnels go on: only the port is given up, not the process. */
    void retire(Runnable empty) {
        retired = empty;
        sparesTunnels = true;
        endEach();
        if (inside.isEmpty()) {
            empty.run();
        }
    }

    int open() {
        return inside.size();
    }

    /** Takes an admitted connection in; it is struck off when its socket is closed, whoever closes it. */
    void entered(StreamConnection connection) {
        inside.add(connection);
        connection.setCloseListener(closed -> {
            inside.remove(connection);
            if (inside.isEmpty()) {
                lock.lock();
                try {
                    left.signalAll();
                } finally {
                    lock.unlock();
                }
                Runnable empty = retired;
                if (empty != null) {
                    empty.run();
                }
            }
        });
    }

    /** The connection speaks HTTP/1; the bytes, if any, were read while finding that out. */
    void http1(StreamConnection connection, @Nullable PooledByteBuffer read) {
        watchWrites(connection);
        Guard guard = new Guard(this, connection, read);
        connection.getSourceChannel().setConduit(guard);
        begin(connection, guard);
        http1.handleEvent(connection, null);
    }

    /** The connection speaks HTTP/2. */
    void http2(StreamConnection connection, PooledByteBuffer read) {
        watchWrites(connection);
        Http2Conversation conversation = new Http2Conversation(this, connection, entrance);
        begin(connection, conversation);
        conversation.begin(read);
    }

    private void watchWrites(StreamConnection connection) {
        ConduitStreamSinkChannel sink = connection.getSinkChannel();
        sink.setConduit(new StallWatch(sink.getConduit(), connection, limits.stall()));
    }

    void arriving(Conversation arrival) {
        conversations.add(arrival);
    }

    void arrived(Conversation arrival) {
        conversations.remove(arrival);
    }

    private void begin(StreamConnection connection, Conversation conversation) {
        conversations.add(conversation);
        connection.setCloseListener(closed -> conversations.remove(conversation));
    }

    /** Asks every conversation to end after its present answer, and tunnels to end now. */
    void drain() {
        sparesTunnels = false;
        endEach();
    }

    private void endEach() {
        draining = true;
        conversations.forEach(Conversation::finish);
    }

    /** Waits until the last connection is gone; false when the patience ran out first. */
    boolean awaitEmpty(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long nanos = patience.toNanos();
            while (!inside.isEmpty()) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = left.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void cut() {
        conversations.forEach(Conversation::cut);
        inside.forEach(IoUtils::safeClose);
    }

    /**
     * Runs a task later on the thread that owns the connection: what it touches is that thread's, so the shared timer will not
     * do. Null when the worker is going down, and then nobody waits.
     */
    static XnioExecutor.@Nullable Key after(StreamConnection connection, Duration delay, Runnable task) {
        try {
            return connection.getIoThread().executeAfter(task, Math.max(1, delay.toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    /** Runs a task on the connection's own thread; when that is gone, so is the connection. */
    static void onThread(StreamConnection connection, Runnable task) {
        try {
            connection.getIoThread().execute(task);
        } catch (RejectedExecutionException e) {
            IoUtils.safeClose(connection);
        }
    }

    static void cancel(XnioExecutor.@Nullable Key key) {
        if (key != null) {
            key.remove();
        }
    }

    private static OptionMap options(Limits limits) {
        return OptionMap.builder()
                .set(UndertowOptions.MAX_HEADER_SIZE, limits.headBytes() + SLACK_BYTES)
                .set(UndertowOptions.MAX_HEADERS, limits.fields() + 1)
                .set(UndertowOptions.MAX_PARAMETERS, MOST_PARAMETERS)
                .set(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .set(
                        UndertowOptions.NO_REQUEST_TIMEOUT,
                        Math.toIntExact(limits.idle().toMillis()))
                // What was checked must be what is forwarded, so nothing is decoded on the way in.
                .set(UndertowOptions.DECODE_URL, false)
                .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, false)
                .set(UndertowOptions.ALLOW_UNKNOWN_PROTOCOLS, false)
                .set(UndertowOptions.ENABLE_HTTP2, false)
                .set(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                .set(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                .set(UndertowOptions.ALWAYS_SET_DATE, true)
                .set(UndertowOptions.RECORD_REQUEST_START_TIME, true)
                .set(UndertowOptions.ENABLE_STATISTICS, false)
                .getMap();
    }
}
