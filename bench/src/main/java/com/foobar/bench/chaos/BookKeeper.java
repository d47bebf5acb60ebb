package com.foobar.bench.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes the lines that {@link Books} reads; each is with the kernel before the writer goes on, so a kill of this JVM forgets none. */
final class BookKeeper {
    private final Writer out;

    BookKeeper(Path file) throws IOException {
        this.out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void acknowledged(Ack ack) {
        enter("A " + ack.id() + " " + ack.node() + " " + ack.start() + " " + ack.end());
    }

    void unknown(long id) {
        enter("U " + id);
    }

    void failed(Exception why) {
        enter("F " + String.valueOf(why.getMessage()).lines().findFirst().orElse(""));
    }

    private synchronized void enter(String line) {
        try {
            out.write(line + "\n");
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the books cannot be kept", e);
        }
    }
}
