package com.foobar.kernel.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import com.foobar.kernel.json.Json;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The line a person reads: {@code 12:03:04.123 INFO  lb1      listening on ...}. An exception gets one line per cause; its whole
 * stack is in the file.
 */
final class ConsoleLine {

    private static final int OWNER_WIDTH = 8;
    /** A cause may be its own cause's cause; nobody reads further anyway. */
    private static final int MAX_CAUSES = 5;

    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String GREY = "\u001b[90m";
    private static final String PLAIN = "\u001b[0m";

    private final ZoneId zone;
    private final boolean colours;

    ConsoleLine(ZoneId zone, boolean colours) {
        this.zone = zone;
        this.colours = colours;
    }

    String format(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(128);
        String colour = colours ? colourOf(event.getLevel()) : "";
        time(event.getTimeStamp(), line);
        line.append(' ').append(colour);
        padded(event.getLevel().toString(), 5, line);
        line.append(colour.isEmpty() ? "" : PLAIN).append(' ');
        StringBuilder owner = new StringBuilder();
        escape(Owner.of(event), owner);
        padded(owner, OWNER_WIDTH, line);
        line.append(' ');
        escape(String.valueOf(event.getFormattedMessage()), line);
        causes(event.getThrowableProxy(), line);
        return line.toString();
    }

    private void time(long millis, StringBuilder line) {
        LocalTime time =
                ZonedDateTime.ofInstant(Instant.ofEpochMilli(millis), zone).toLocalTime();
        // By hand: a DateTimeFormatter costs a start more than all the rest of this class.
        two(time.getHour(), line).append(':');
        two(time.getMinute(), line).append(':');
        two(time.getSecond(), line).append('.');
        int milli = time.getNano() / 1_000_000;
        line.append((char) ('0' + milli / 100));
        two(milli % 100, line);
    }

    private static StringBuilder two(int number, StringBuilder line) {
        return line.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private static void padded(CharSequence text, int width, StringBuilder line) {
        line.append(text);
        for (int i = text.length(); i < width; i++) {
            line.append(' ');
        }
    }

    private static void causes(@Nullable IThrowableProxy thrown, StringBuilder line) {
        IThrowableProxy cause = thrown;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            line.append(System.lineSeparator()).append(i == 0 ? "    " : "    because of ");
            line.append(simpleName(cause.getClassName()));
            if (cause.getMessage() != null) {
                line.append(": ");
                escape(cause.getMessage(), line);
            }
            place(cause, line);
            cause = cause.getCause();
        }
    }

    /** Our own frame says more than the library's that threw. */
    private static void place(IThrowableProxy cause, StringBuilder line) {
        StackTraceElementProxy[] stack = cause.getStackTraceElementProxyArray();
        if (stack == null || stack.length == 0) {
            return;
        }
        StackTraceElement place = stack[0].getStackTraceElement();
        for (StackTraceElementProxy frame : stack) {
            if (frame.getStackTraceElement().getClassName().startsWith("com.foobar.")) {
                place = frame.getStackTraceElement();
                break;
            }
        }
        line.append(" (").append(simpleName(place.getClassName())).append('.').append(place.getMethodName());
        line.append(':').append(place.getLineNumber()).append(')');
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private static String colourOf(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> RED;
            case Level.WARN_INT -> YELLOW;
            case Level.INFO_INT -> "";
            default -> GREY;
        };
    }

    /** A message often quotes what a stranger sent: it must not forge a line or steer the terminal. */
    private static void escape(String text, StringBuilder line) {
        int clean = 0;
        while (clean < text.length() && text.charAt(clean) != '\\' && Json.isHarmless(text.charAt(clean))) {
            clean++;
        }
        if (clean == text.length()) {
            line.append(text);
            return;
        }
        StringBuilder quoted = new StringBuilder();
        Json.quote(text, quoted);
        // JSON's escapes without its quotes: a quotation mark is harmless here and would only be hard to read.
        line.append(quoted.substring(1, quoted.length() - 1).replace("\\\"", "\""));
    }
}
