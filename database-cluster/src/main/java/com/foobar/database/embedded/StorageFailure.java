package com.foobar.database.embedded;

import com.foobar.kernel.lifecycle.StartFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;

/** Turns the file system's "no" into a diagnosis. */
public final class StorageFailure {

    private StorageFailure() {}

    public static StartFailure of(String what, IOException failed) {
        String why = String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT);
        if (why.contains("no space left") || why.contains("disk quota")) {
            return new StartFailure(
                    what + ": the disk is full (" + failed.getMessage() + ")",
                    "free some space there, or choose a data directory on another disk",
                    failed);
        }
        if (failed instanceof AccessDeniedException || failed.getCause() instanceof ReadOnlyFileSystemException) {
            return new StartFailure(
                    what + ": no permission for " + failed.getMessage(),
                    "make it writable for the user that runs this, or choose another data directory",
                    failed);
        }
        return new StartFailure(what + ": " + failed, "see the reason given, then start again", failed);
    }
}
