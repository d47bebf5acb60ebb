package com.foobar.kernel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;

/** Where events end. Called by one thread at a time. */
@FunctionalInterface
interface Sink {

    void write(ILoggingEvent event);

    /** Called when the queue has run empty: the moment to hand on what was gathered. */
    default void flush() {}

    default void close() {}
}
