package com.foobar.database.remote;

import com.foobar.kernel.thread.Threads;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member that is connected, and the thread that writes to it: whoever has an answer must not wait for a slow reader. */
final class Guest implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Guest.class);

    /** A reader that is so far behind does not read. */
    private static final int MOST_UNSAID = 256;

    private final Frames frames;
    private final String from;
    private final BlockingQueue<String> unsaid = new ArrayBlockingQueue<>(MOST_UNSAID);
    private final Thread writer;
    private volatile boolean closed;

    Guest(Frames frames, String from) {
        this.frames = frames;
        this.from = from;
        this.writer = Threads.one("door", "answer", this::write);
        writer.start();
    }

    boolean isClosed() {
        return closed;
    }

    void say(Map<String, ?> members) {
        if (!closed && !unsaid.offer(Fields.write(members))) {
            LOG.warn("{} does not read its answers: its connection is closed", from);
            close();
        }
    }

    private void write() {
        try {
            while (!closed) {
                frames.send(unsaid.take());
            }
        } catch (IOException e) {
            close();
        } catch (InterruptedException e) {
            // Told to end by close.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        frames.close();
        writer.interrupt();
    }
}
