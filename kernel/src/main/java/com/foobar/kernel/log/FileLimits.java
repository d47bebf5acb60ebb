package com.foobar.kernel.log;

import java.time.Duration;

/**
 * How much log there may be.
 *
 * @param fileBytes where a file ends and the next begins; a new day (UTC) begins one as well
 * @param totalBytes what all files together may take: the oldest go first
 * @param keep how old a file may get
 */
public record FileLimits(long fileBytes, long totalBytes, Duration keep) {

    private static final long MEBIBYTE = 1 << 20;

    /** A week of a quiet site, and never enough to fill a small disk. */
    public static final FileLimits DEFAULT = new FileLimits(50 * MEBIBYTE, 500 * MEBIBYTE, Duration.ofDays(14));

    public FileLimits {
        if (fileBytes < 1 || totalBytes < fileBytes || keep.isNegative()) {
            throw new IllegalArgumentException("a log file of " + fileBytes + " bytes must fit into the total of "
                    + totalBytes + " bytes, and " + keep + " must not be negative");
        }
    }
}
