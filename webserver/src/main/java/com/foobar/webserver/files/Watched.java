package com.foobar.webserver.files;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A path an answer depends on, and how it was found; null when nothing was there. */
record Watched(Path path, @Nullable Stamp stamp) {

    boolean same() {
        if (stamp == null) {
            // Not Files: it makes an exception of every file that is missing, and most neighbours are.
            return !path.toFile().exists();
        }
        try {
            return stamp.equals(Stamp.of(path));
        } catch (IOException gone) {
            return false;
        }
    }
}
