package com.foobar.webserver.files;

import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import com.foobar.kernel.config.Range;
import com.foobar.kernel.value.ByteSize;

/** What all sites of a web server keep of their files. */
public record FileCacheSettings(
        @Doc("Memory for files; 0 keeps none and reads each time.") @Default("64MiB") ByteSize memory,
        @Doc("The largest file that is kept in memory; larger ones are sent from disk.") @Default("32KiB")
                ByteSize largest,
        @Doc("How many larger files are kept open.") @Default("512") @Range(min = 0, max = 100_000) int open)
        implements Checked {

    public static final FileCacheSettings DEFAULT =
            new FileCacheSettings(new ByteSize(64 << 20), new ByteSize(32 << 10), 512);

    /** Nothing is kept. */
    public static final FileCacheSettings OFF = new FileCacheSettings(new ByteSize(0), new ByteSize(32 << 10), 0);

    @Override
    public void check(Problems problems) {
        if (largest.bytes() > 64 << 20) {
            problems.error("largest", largest.toString(), "at most 64MiB: it is read in one piece");
        }
    }
}
