package com.foobar.testkit;

import java.nio.file.Path;

/** A JDK on this machine. */
public record Jdk(Runtime.Version version, Path home) {

    public Path java() {
        return home.resolve("bin").resolve("java");
    }
}
