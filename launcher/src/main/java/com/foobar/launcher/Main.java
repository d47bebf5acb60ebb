package com.foobar.launcher;

import com.foobar.launcher.command.CommandLineFace;
import java.io.Console;

/** The door: the only place that reads the environment and ends the JVM. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(CommandLineFace.execute(System.getenv(), isTerminal(), System.out, System.err, arguments));
    }

    /** Since JDK 22 there is always a console, and a method that says whether a person sits at it. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException before22) {
            return true;
        }
    }
}
