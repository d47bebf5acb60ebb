package com.foobar.kernel.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.time.ZoneId;

/**
 * Keeps logback from looking for configuration files, from loading its XML reader, and from printing about itself (found
 * through META-INF/services). Until {@link Logs#start} only warnings are shown, so that tests and commands stay quiet.
 */
public final class QuietStart extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        ConsoleLine line = new ConsoleLine(ZoneId.systemDefault(), false);
        Direct console = new Direct(new ConsoleSink(line, System.err));
        console.setContext(context);
        console.start();
        root.addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
