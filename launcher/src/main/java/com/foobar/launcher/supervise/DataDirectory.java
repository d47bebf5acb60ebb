package com.foobar.launcher.supervise;

import com.foobar.kernel.lifecycle.StartFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The directory where databases, certificates, logs and state live, held by one process at a time. The operating system lets
 * go of the lock when the process dies, however it dies; the text in it only says who holds it.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String CURE = "choose another directory with --data, or free this one";
    private static final int MOST_TEXT = 4096;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Makes the directory where there is none, and takes it.
     *
     * @param holder one line about this process, shown to whoever comes second
     */
    public static DataDirectory hold(Path path, String holder) throws StartFailure {
        Path lockFile = path.resolve("foobar.lock");
        FileChannel channel = open(path, lockFile);
        try {
            FileLock lock = tried(channel);
            if (lock == null) {
                throw new StartFailure(
                        "the data directory " + path + " is in use by " + text(channel),
                        "stop that process, or " + CURE);
            }
            write(channel, holder);
            return new DataDirectory(path, channel, lock);
        } catch (IOException failed) {
            closeQuietly(channel);
            throw new StartFailure("cannot write " + lockFile + ": " + reason(failed), CURE, failed);
        } catch (StartFailure held) {
            closeQuietly(channel);
            throw held;
        }
    }

    private static FileChannel open(Path path, Path lockFile) throws StartFailure {
        try {
            Files.createDirectories(path);
            return FileChannel.open(
                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException failed) {
            throw new StartFailure("cannot use the data directory " + path + ": " + reason(failed), CURE, failed);
        }
    }

    private static @Nullable FileLock tried(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException thisJvm) {
            return null;
        }
    }

    private static String text(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MOST_TEXT);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    }

    /** Forced to the disk, so that a full one is met here, with a name, and not in the middle of the work. */
    private static void write(FileChannel channel, String holder) throws IOException {
        channel.truncate(0);
        ByteBuffer text = ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8));
        while (text.hasRemaining()) {
            channel.write(text);
        }
        channel.force(true);
    }

    private static String reason(IOException failed) {
        String message = failed.getMessage();
        return failed.getClass().getSimpleName().replace("Exception", "") + (message == null ? "" : ": " + message);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException ignored) {
            // The lock was not ours to begin with.
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            lock.release();
        } catch (IOException ignored) {
            // The channel's close lets go of it, or the end of the process does.
        }
        closeQuietly(channel);
    }
}
