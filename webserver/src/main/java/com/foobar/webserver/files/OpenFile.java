package com.foobar.webserver.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that several answers read from at once. It is closed when the last of them and the cache have let go of it. Only
 * positional reads: nobody owns the channel's own position.
 */
final class OpenFile {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFile.class);

    private final FileChannel channel;

    /** The one who opened it counts. */
    private final AtomicInteger holders = new AtomicInteger(1);

    OpenFile(FileChannel channel) {
        this.channel = channel;
    }

    FileChannel channel() {
        return channel;
    }

    /** False when it is closed already; then it must be opened anew. */
    boolean retain() {
        for (int now = holders.get(); now > 0; now = holders.get()) {
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    void release() {
        int left = holders.decrementAndGet();
        if (left == 0) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.warn("a file that was only read could not be closed", e);
            }
        } else if (left < 0) {
            throw new IllegalStateException("released once too often");
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }
}
