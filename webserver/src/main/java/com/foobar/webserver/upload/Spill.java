package com.foobar.webserver.upload;

import io.undertow.connector.PooledByteBuffer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of one body that is in a file. Written by one thread at a time, then read by the exchange's I/O thread. */
final class Spill implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Spill.class);
    private static final int PIECE_BYTES = 64 * 1024;

    private final FileChannel file;
    private long size;
    /** Pieces are read one after the other, so they share one. */
    private final ByteBuffer window = ByteBuffer.allocate(PIECE_BYTES);

    private Spill(FileChannel file) {
        this.file = file;
    }

    /** The file loses its name at once, so that even a killed process leaves nothing behind. */
    static Spill in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path path = Files.createTempFile(folder, "upload-", ".part");
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        Files.deleteIfExists(path);
        return new Spill(channel);
    }

    void append(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            size += file.write(bytes, size);
        }
    }

    /** All of it, to be read in this order and once. */
    List<PooledByteBuffer> pieces(Runnable broken) {
        List<PooledByteBuffer> pieces = new ArrayList<>();
        for (long from = 0; from < size; from += PIECE_BYTES) {
            pieces.add(new Piece(from, (int) Math.min(PIECE_BYTES, size - from), broken));
        }
        return pieces;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException leftBehind) {
            log.debug("closing a spill file: {}", leftBehind.toString());
        }
    }

    /** Read from the file when it is looked at first. */
    private final class Piece implements PooledByteBuffer {
        private final long from;
        private final int length;
        private final Runnable broken;
        private boolean loaded;
        private boolean open = true;

        Piece(long from, int length, Runnable broken) {
            this.from = from;
            this.length = length;
            this.broken = broken;
        }

        @Override
        public ByteBuffer getBuffer() {
            if (!loaded) {
                loaded = true;
                load();
            }
            return window;
        }

        private void load() {
            window.clear().limit(length);
            try {
                while (window.hasRemaining()) {
                    if (file.read(window, from + window.position()) < 0) {
                        throw new IOException("it became shorter");
                    }
                }
                window.flip();
            } catch (IOException unreadable) {
                log.error("the body of a request cannot be read back from its file: {}", unreadable.toString());
                window.clear().limit(0);
                // What is missing must not look like the end.
                broken.run();
            }
        }

        @Override
        public void close() {
            open = false;
        }

        @Override
        public boolean isOpen() {
            return open;
        }
    }
}
