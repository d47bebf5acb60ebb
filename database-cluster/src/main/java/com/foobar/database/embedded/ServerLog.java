package com.foobar.database.embedded;

import com.foobar.kernel.value.ByteSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A server's log file, from the start of one run on. The server writes it by itself: a pipe to us would break when we are killed. */
final class ServerLog {

    /** Beyond this the log becomes {@code server.log.1} at the next start, and the one before that is dropped. */
    private static final ByteSize ROTATED = ByteSize.parse("16MiB");

    private static final int MOST_READ = 256 * 1024;

    private final Path file;
    private final long start;

    private ServerLog(Path file, long start) {
        this.file = file;
        this.start = start;
    }

    static ServerLog begin(Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) > ROTATED.bytes()) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return new ServerLog(file, Files.exists(file) ? Files.size(file) : 0);
    }

    Path file() {
        return file;
    }

    /** The end of what this run has written; nothing if it cannot be read, for it only explains another failure. */
    String tail() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long from = Math.max(start, channel.size() - MOST_READ);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(MOST_READ, channel.size() - from)));
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes, from + bytes.position());
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
