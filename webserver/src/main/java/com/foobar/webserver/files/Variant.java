package com.foobar.webserver.files;

import com.foobar.webserver.answer.Coding;
import com.foobar.webserver.answer.Facts;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One coding of a file, ready to be sent: its bytes in memory or the file they are in.
 *
 * @param coding null for plain bytes
 * @param bytes never changed and never handed out but as a duplicate; null when they are in the file
 */
record Variant(
        @Nullable Coding coding, Facts facts, @Nullable ByteBuffer bytes, @Nullable OpenFile file, Fields fields) {

    /** What it takes of the cache's memory. */
    long heldBytes() {
        return bytes == null ? 0 : bytes.capacity();
    }

    boolean retain() {
        return file == null || file.retain();
    }

    void release() {
        if (file != null) {
            file.release();
        }
    }
}
