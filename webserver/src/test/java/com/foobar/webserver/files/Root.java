package com.foobar.webserver.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;

/** A folder of files whose contents and dates a test can count on. */
final class Root {
    static final Instant MODIFIED = Instant.parse("2026-01-02T03:04:05Z");
    static final String LAST_MODIFIED = "Fri, 02 Jan 2026 03:04:05 GMT";

    /** Beyond what is kept in memory, so that it is sent from the open file. */
    static final int BIG = 200_000;

    final Path path;

    Root(Path path) {
        this.path = path;
    }

    Path put(String name, String content) throws IOException {
        return put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** As deployments should: beside it, then renamed over it. */
    Path put(String name, byte[] content) throws IOException {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.write(beside, content);
        Files.setLastModifiedTime(beside, FileTime.from(MODIFIED));
        return Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    byte[] read(String name) throws IOException {
        return Files.readAllBytes(path.resolve(name));
    }

    static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(42).nextBytes(bytes);
        return bytes;
    }

    /** The tag of a file, worked out a second time: it must be the same on every server and in every release. */
    String tag(String name, String suffix) throws IOException {
        byte[] content = read(name);
        if (content.length > 32 << 10) {
            return '"'
                    + Long.toHexString(content.length)
                    + '-'
                    + Long.toHexString(MODIFIED.toEpochMilli())
                    + suffix
                    + '"';
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, 12)) + suffix + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
