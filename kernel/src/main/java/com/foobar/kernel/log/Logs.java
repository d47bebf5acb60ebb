package com.foobar.kernel.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.foobar.kernel.time.Time;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The logs of the process, between {@link #start} and {@link #close}: the console and {@code foobar.jsonl}, each behind a queue
 * of its own, so that a stuck terminal does not keep the file from being written. One at a time: slf4j is static.
 */
public final class Logs implements AutoCloseable {

    /** A few seconds of a bad day. Beyond that events are dropped: memory is for requests. */
    private static final int QUEUED_EVENTS = 8192;

    private static final Duration CLOSING_PATIENCE = Duration.ofSeconds(2);

    /** They tell at INFO what only their authors want to know. */
    private static final List<String> NOISY = List.of(
            "org.xnio",
            "io.undertow",
            "org.jboss",
            "org.apache.commons.configuration2",
            "org.apache.commons.beanutils",
            "org.eclipse.jetty",
            "com.zaxxer.hikari");

    /** They warn of every message that is not answered, also while they are being closed; the room that uses them says what it means. */
    private static final List<String> ALARMIST = List.of("org.apache.ratis", "org.apache.tomcat.util.descriptor");

    private final LoggerContext context;
    private final Queued console;
    private final Queued file;
    private final FileSink<ILoggingEvent> fileSink;

    /**
     * Where to log and how.
     *
     * @param folder where {@code foobar.jsonl} and its predecessors live
     * @param colours see {@link #coloursWanted}
     * @param level what is logged of everything that has no level of its own
     */
    public record Options(
            Path folder,
            PrintStream console,
            boolean colours,
            org.slf4j.event.Level level,
            FileLimits limits,
            ZoneId zone,
            Time time) {

        public static Options of(Path folder, PrintStream console, Time time) {
            return new Options(
                    folder,
                    console,
                    false,
                    org.slf4j.event.Level.INFO,
                    FileLimits.DEFAULT,
                    ZoneId.systemDefault(),
                    time);
        }

        public Options withColours(boolean wanted) {
            return new Options(folder, console, wanted, level, limits, zone, time);
        }

        public Options withLevel(org.slf4j.event.Level wanted) {
            return new Options(folder, console, colours, wanted, limits, zone, time);
        }

        public Options withLimits(FileLimits wanted) {
            return new Options(folder, console, colours, level, wanted, zone, time);
        }

        /** Whether to colour, from what the launcher knows: is it a terminal, and the variables NO_COLOR and TERM. */
        public static boolean coloursWanted(boolean terminal, @Nullable String noColor, @Nullable String term) {
            boolean refused = noColor != null && !noColor.isEmpty();
            return terminal && !refused && term != null && !term.equals("dumb");
        }
    }

    private Logs(Options options) {
        context = (LoggerContext) LoggerFactory.getILoggerFactory();
        ConsoleLine line = new ConsoleLine(options.zone(), options.colours());
        console = new Queued("console", new ConsoleSink(line, options.console()), QUEUED_EVENTS);
        RotatingFile rotating = new RotatingFile(options.folder(), "foobar", options.limits(), options.time());
        fileSink = new FileSink<>(rotating, options.time(), options.console()::println, JsonLine::append);
        file = new Queued("file", fileSink, QUEUED_EVENTS);
        attach(options);
    }

    /** Takes over all logging of the process: slf4j, and through it commons-logging, jboss-logging and java.util.logging. */
    public static Logs start(Options options) {
        return new Logs(options);
    }

    /** Sets a level from now on; null lets the logger follow its parent again. The root logger is called {@code ROOT}. */
    public void level(String logger, org.slf4j.event.@Nullable Level level) {
        boolean isRoot = logger.equalsIgnoreCase(Logger.ROOT_LOGGER_NAME);
        if (level == null && isRoot) {
            throw new IllegalArgumentException("the root logger has no parent to follow: give it a level");
        }
        context.getLogger(logger).setLevel(level == null ? null : Level.convertAnSLF4JLevel(level));
    }

    /** Events that are missing in the file, because the queue was full or the file could not be written. */
    public long missingInFile() {
        return file.dropped() + fileSink.lost();
    }

    /** Events that are missing on the console, because it did not take them fast enough. */
    public long missingOnConsole() {
        return console.dropped();
    }

    /** Writes what is queued, as long as that takes little time; what is logged later is shown if it is a warning. */
    @Override
    public void close() {
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAppender(console);
        root.detachAppender(file);
        console.close(CLOSING_PATIENCE);
        file.close(CLOSING_PATIENCE);
        SLF4JBridgeHandler.uninstall();
        new QuietStart().configure(context);
    }

    private void attach(Options options) {
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        for (Queued queued : List.of(console, file)) {
            queued.setContext(context);
            queued.start();
            root.addAppender(queued);
        }
        root.setLevel(Level.convertAnSLF4JLevel(options.level()));
        for (String name : NOISY) {
            context.getLogger(name).setLevel(Level.WARN);
        }
        for (String name : ALARMIST) {
            context.getLogger(name).setLevel(Level.OFF);
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
