package com.foobar.kernel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Duration;

/** Lets the thread of a {@link Backlog} write to the sink: who logs never waits. */
final class Queued extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private final Backlog<ILoggingEvent> backlog;

    Queued(String purpose, Sink<ILoggingEvent> sink, int capacity) {
        this.backlog = new Backlog<>("log", purpose, sink, capacity);
    }

    @Override
    public void start() {
        super.start();
        backlog.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        // Message, thread name and MDC are those of now, not of when the writer gets round to it.
        event.prepareForDeferredProcessing();
        event.getThreadName();
        backlog.offer(event);
    }

    /** See {@link Backlog#dropped}. */
    long dropped() {
        return backlog.dropped();
    }

    /** See {@link Backlog#close}. */
    void close(Duration patience) {
        backlog.close(patience);
        stop();
    }
}
