package com.foobar.http.listen;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/**
 * The listeners of one role: they share threads, buffers, limits and counts. One may come or go without touching the others.
 */
public final class Listeners implements AutoCloseable {

    /** What fits one TLS record, so that a full buffer is one write. */
    private static final int BUFFER_BYTES = 16 * 1024 - 20;

    private final XnioWorker worker;
    private final Time time;
    private final ErrorPages pages;
    private final Counters counters = new Counters();
    private final Admission admission = new Admission();
    private final ByteBufferPool buffers = new DefaultByteBufferPool(true, BUFFER_BYTES, -1, 4);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Limits limits;

    /** The worker stays the caller's: several roles of a process may share it. */
    public Listeners(XnioWorker worker, Time time, Limits limits, ErrorPages pages) {
        this.worker = worker;
        this.time = time;
        this.limits = limits;
        this.pages = pages;
    }

    /** Threads for listeners: a few that move bytes, and those that handlers which block are sent to. */
    public static XnioWorker worker(String owner, int ioThreads, int blockingThreads) {
        OptionMap options = OptionMap.builder()
                .set(Options.WORKER_NAME, owner + "-io")
                .set(Options.WORKER_IO_THREADS, ioThreads)
                .set(Options.WORKER_TASK_CORE_THREADS, blockingThreads)
                .set(Options.WORKER_TASK_MAX_THREADS, blockingThreads)
                .set(Options.CONNECTION_HIGH_WATER, 1_000_000)
                .set(Options.CONNECTION_LOW_WATER, 1_000_000)
                .set(Options.TCP_NODELAY, true)
                .set(Options.CORK, true)
                .set(Options.THREAD_DAEMON, true)
                .getMap();
        try {
            return Xnio.getInstance(Listeners.class.getClassLoader()).createWorker(options);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the I/O threads of " + owner, e);
        }
    }

    /** Takes the address; connections are refused until the listener is opened. */
    public Listener bind(Binding binding, HttpHandler handler) throws StartFailure {
        Door door = new Door(limits, time, pages, counters, buffers, handler);
        Listener listener = new Listener(binding, worker, admission, door);
        listeners.add(listener);
        return listener;
    }

    /** What holds for connections that come from now on, whenever their listener was bound. */
    public void limits(Limits next) {
        limits = next;
        listeners.forEach(listener -> listener.limits(next));
    }

    public Counters counters() {
        return counters;
    }

    public int openConnections() {
        return admission.open();
    }

    /** Drains all within one patience; true when nobody is left. */
    public boolean drain(Duration patience) throws InterruptedException {
        long deadline = time.nanos() + patience.toNanos();
        listeners.forEach(Listener::refuseNew);
        boolean empty = true;
        for (Listener listener : listeners) {
            empty &= listener.drain(Duration.ofNanos(Math.max(0, deadline - time.nanos())));
        }
        return empty;
    }

    /** Gives its port up; it is forgotten when the last of those inside has ended, which nobody waits for. */
    public void retire(Listener listener) {
        listener.retire(() -> listeners.remove(listener));
    }

    /** Those that are open, and those given up that somebody is still inside of. */
    int size() {
        return listeners.size();
    }

    /** Lets a closed listener go. */
    public void remove(Listener listener) {
        listener.close();
        listeners.remove(listener);
    }

    @Override
    public void close() {
        listeners.forEach(Listener::close);
        listeners.clear();
    }
}
