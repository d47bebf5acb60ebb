package com.foobar.launcher;

import com.foobar.launcher.command.CommandLineFace;

/** The door: the only place that reads the environment and ends the JVM. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(
                CommandLineFace.execute(System.getenv(), System.console() != null, System.out, System.err, arguments));
    }
}
