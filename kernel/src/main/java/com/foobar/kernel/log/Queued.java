package com.foobar.kernel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import com.foobar.kernel.thread.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Lets one thread of its own write to the sink. Who logs never waits: when the queue is full the event is dropped and counted. */
final class Queued extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private static final int BATCH = 256;
    /** A sink that has to try again, or to notice that a file was moved away, gets its chance in quiet times too. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Sink sink;
    private final BlockingQueue<ILoggingEvent> queue;
    private final LongAdder dropped = new LongAdder();
    private final Thread writer;
    private volatile boolean closing;

    Queued(String purpose, Sink sink, int capacity) {
        this.sink = sink;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.writer = Threads.one("log", purpose, this::writeAll);
    }

    @Override
    public void start() {
        super.start();
        writer.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        // Message, thread name and MDC are those of now, not of when the writer gets round to it.
        event.prepareForDeferredProcessing();
        event.getThreadName();
        if (closing || !queue.offer(event)) {
            dropped.increment();
        }
    }

    /** Events that found the queue full, or came after the end. */
    long dropped() {
        return dropped.sum();
    }

    /** Writes what is queued and ends; what is not written by then stays unwritten, for a stuck disk must not stop a stop. */
    void close(Duration patience) {
        closing = true;
        // Not interrupted: an interrupt would close the file in the middle of a line. The writer looks up within a
        // second.
        queue.offer(Wake.EVENT);
        try {
            writer.join(Math.max(1, patience.toMillis()));
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        stop();
    }

    private void writeAll() {
        List<ILoggingEvent> batch = new ArrayList<>(BATCH);
        while (!(closing && queue.isEmpty())) {
            try {
                ILoggingEvent first = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                }
                batch.forEach(this::write);
                sink.flush();
            } catch (InterruptedException stray) {
                // Nobody has a reason to interrupt this thread; only closing ends it.
            } catch (RuntimeException failed) {
                // A sink handles what it can; whatever else happens, the next batch deserves its chance.
                dropped.add(batch.size());
            }
            batch.clear();
        }
        sink.close();
    }

    private void write(ILoggingEvent event) {
        if (event != Wake.EVENT) {
            sink.write(event);
        }
    }
}
