package com.foobar.kernel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;

/** An event that says nothing but "look up": it lets a waiting writer see that it is asked to end. */
final class Wake {
    static final ILoggingEvent EVENT = new LoggingEvent();

    private Wake() {}
}
