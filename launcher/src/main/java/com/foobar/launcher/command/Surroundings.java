package com.foobar.launcher.command;

import com.foobar.kernel.log.Logs;
import com.foobar.launcher.Terminal;
import java.io.PrintStream;
import java.util.Map;

/** What a command is given by whoever typed it, besides the words. */
record Surroundings(Map<String, String> environment, boolean terminal, PrintStream out, PrintStream err) {

    boolean colours() {
        return Logs.Options.coloursWanted(terminal, environment.get("NO_COLOR"), environment.get("TERM"));
    }

    Terminal console() {
        return new Terminal(out, colours());
    }
}
