package com.foobar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs of one file that a child JVM runs from source. */
final class Sources {

    private Sources() {}

    static Path write(String name, String text) {
        try {
            Path file = Files.createTempDirectory("foobar-testkit").resolve(name);
            file.toFile().deleteOnExit();
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
