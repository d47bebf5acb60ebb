package com.foobar.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Random;

/** The files the web tier is measured with: the same folder for all contenders, of bytes that compress badly. */
final class Files {
    static final String KIB_1 = "/1k";
    static final String KIB_100 = "/100k";
    static final String MIB_10 = "/10m";

    private Files() {}

    static Path make(Path folder) {
        try {
            java.nio.file.Files.createDirectories(folder);
            write(folder, KIB_1, 1024);
            write(folder, KIB_100, 100 * 1024);
            write(folder, MIB_10, 10 * 1024 * 1024);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("no files for the bench; is the disk full?", e);
        }
    }

    private static void write(Path folder, String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        java.nio.file.Files.write(folder.resolve(name.substring(1)), bytes);
    }
}
