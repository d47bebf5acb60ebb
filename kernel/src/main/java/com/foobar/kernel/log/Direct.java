package com.foobar.kernel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

/** Hands an event to its sink on the thread that logs; the base class lets one in at a time. */
final class Direct extends AppenderBase<ILoggingEvent> {

    private final Sink<ILoggingEvent> sink;

    Direct(Sink<ILoggingEvent> sink) {
        this.sink = sink;
    }

    @Override
    protected void append(ILoggingEvent event) {
        sink.write(event);
        sink.flush();
    }
}
