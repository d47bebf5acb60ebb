package com.foobar.kernel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.PrintStream;

/** Prints a batch of lines at once: a terminal is slow per write, not per character. */
final class ConsoleSink implements Sink<ILoggingEvent> {

    private final ConsoleLine line;
    private final PrintStream out;
    private final StringBuilder gathered = new StringBuilder();

    ConsoleSink(ConsoleLine line, PrintStream out) {
        this.line = line;
        this.out = out;
    }

    @Override
    public void write(ILoggingEvent event) {
        gathered.append(line.format(event)).append(System.lineSeparator());
    }

    @Override
    public void flush() {
        if (gathered.length() > 0) {
            out.print(gathered);
            out.flush();
            gathered.setLength(0);
        }
    }

    @Override
    public void close() {
        flush();
    }
}
