package com.foobar.launcher;

import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The packaged jar, run as a command to its end. */
final class Jar {
    static final Path FILE = Path.of("target", "launcher.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Jar() {}

    /** What it said, and whether it was content. */
    record Said(int exit, String text) {}

    static Said say(Children children, String... words) {
        List<String> command = new ArrayList<>(List.of("-Xmx128m", "-jar", FILE.toString()));
        command.addAll(List.of(words));
        Child child = children.start(words[0], Children.java(command.toArray(String[]::new)));
        int exit = child.awaitExit(PATIENCE);
        return new Said(exit, child.output());
    }
}
