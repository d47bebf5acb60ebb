package com.foobar.webserver.files;

import java.nio.channels.FileChannel;

/** What a name in the sandbox turned out to be. */
sealed interface Found {

    /** A regular file inside the root; whoever gets it closes the channel. */
    record Content(FileChannel channel, Stamp stamp) implements Found {}

    record Folder() implements Found {}

    record Absent() implements Found {}

    /** Something is there that must not be served: outside the root, no regular file, or not readable. */
    record Refused() implements Found {}

    Found FOLDER = new Folder();
    Found ABSENT = new Absent();
    Found REFUSED = new Refused();
}
