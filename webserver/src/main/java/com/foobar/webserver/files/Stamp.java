package com.foobar.webserver.files;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What tells one state of a file from another.
 *
 * @param key device and inode; null where the system has none
 */
record Stamp(long size, FileTime modified, @Nullable Object key) {

    /** File systems count modifications in clock ticks: a second write may fall into the tick of the first. */
    private static final Duration TICK = Duration.ofSeconds(2);

    static Stamp of(BasicFileAttributes attributes) {
        return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
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
