package com.foobar.kernel.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.slf4j.LoggerFactory;

/** Events as a test wants them. */
final class Events {

    private Events() {}

    static ILoggingEvent event(Level level, String thread, String message, Throwable thrown) {
        Logger logger = (Logger) LoggerFactory.getLogger("com.foobar.lb.Listener");
        LoggingEvent event = new LoggingEvent(Events.class.getName(), logger, level, message, thrown, null);
        event.setThreadName(thread);
        event.setInstant(Instant.parse("2026-11-21T12:03:04.123Z"));
        return event;
    }

    static ILoggingEvent info(String message) {
        return event(Level.INFO, "lb1-check-1", message, null);
    }
}
