package com.foobar.webserver.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What tells one state of a file from another. The rights count: what the server may no longer read, it no longer serves from
 * memory either.
 *
 * @param key device and inode; null where the system has none
 */
record Stamp(long size, FileTime modified, Set<PosixFilePermission> rights, @Nullable Object key) {

    /** File systems count modifications in clock ticks: a second write may fall into the tick of the first. */
    private static final Duration TICK = Duration.ofSeconds(2);

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    /** The view that knows the rights, where there are any. */
    static Class<? extends BasicFileAttributeView> view() {
        return POSIX ? PosixFileAttributeView.class : BasicFileAttributeView.class;
    }

    /** Links followed; one stat. */
    static Stamp of(Path path) throws IOException {
        return of(
                POSIX
                        ? Files.readAttributes(path, PosixFileAttributes.class)
                        : Files.readAttributes(path, BasicFileAttributes.class));
    }

    static Stamp of(BasicFileAttributes attributes) {
        Set<PosixFilePermission> rights =
                attributes instanceof PosixFileAttributes posix ? posix.permissions() : Set.of();
        return new Stamp(attributes.size(), attributes.lastModifiedTime(), rights, attributes.fileKey());
    }

    /** Whether the file may have changed once more at that moment without showing it. */
    boolean freshAt(Instant moment) {
        return Duration.between(modified.toInstant(), moment).abs().compareTo(TICK) < 0;
    }

    boolean olderThan(Stamp other) {
        return Duration.between(modified.toInstant(), other.modified.toInstant())
                        .compareTo(TICK)
                > 0;
    }
}
