package com.foobar.webserver.upload;

import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import com.foobar.kernel.value.ByteSize;
import java.util.List;

/** The {@code webserver.uploads} section: what becomes of request bodies on their way to the application. */
public record UploadSettings(
        @Doc("Whether a body is received whole before the application sees the request.") @Default("true") boolean hold,
        @Doc("Paths whose bodies are streamed all the same, by whole segments.") List<String> streamed,
        @Doc("The largest body (413).") @Default("64MiB") ByteSize largest,
        @Doc("How much of one body is held in memory; the rest goes to a file.") @Default("64KiB") ByteSize memory,
        @Doc("How much of all bodies is held in memory.") @Default("64MiB") ByteSize memoryOfAll,
        @Doc("How much of all bodies is held in files (503).") @Default("4GiB") ByteSize filesOfAll)
        implements Checked {

    static final int SMALLEST_BLOCK = 1024;
    private static final long LARGEST_BLOCK = 1 << 20;

    @Override
    public void check(Problems problems) {
        if (memory.bytes() < SMALLEST_BLOCK || memory.bytes() > LARGEST_BLOCK) {
            problems.error("memory", memory.toString(), "1KiB to 1MiB");
        }
        for (String path : streamed) {
            if (!path.startsWith("/")) {
                problems.error("streamed", path, "a path that begins with /");
            }
        }
    }

    boolean holds(String path) {
        return hold && streamed.stream().noneMatch(prefix -> covers(prefix, path));
    }

    private static boolean covers(String prefix, String path) {
        String whole = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        return path.startsWith(whole) && (path.length() == whole.length() || path.charAt(whole.length()) == '/');
    }
}
