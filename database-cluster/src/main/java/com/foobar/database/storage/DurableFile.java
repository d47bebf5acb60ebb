package com.foobar.database.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Writes a file so that a reader, or a power cut, sees either all of it or none; readable by its owner only. */
public final class DurableFile {

    private DurableFile() {}

    public static void write(Path file, String text) throws IOException {
        Path temporary = temporary(file, text);
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            FolderSync.folder(folderOf(file));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Writes the file unless there is one. A hard link, not a rename: of two processes that make the file at once one loses
     * and reads what the other wrote, instead of replacing what the other already uses.
     */
    public static boolean writeNew(Path file, String text) throws IOException {
        Path temporary = temporary(file, text);
        try {
            Files.createLink(file, temporary);
            FolderSync.folder(folderOf(file));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** A folder nobody else may look into. */
    public static Path secretFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return folder;
        }
        return Files.createDirectories(folder, permissions("rwx------"));
    }

    private static Path temporary(Path file, String text) throws IOException {
        Path temporary = folderOf(file).resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        // Closed to others from the first byte on: tightening the permissions later would leave a gap.
        try (FileChannel channel = FileChannel.open(
                temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions("rw-------"))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        return temporary;
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
    }

    private static FileAttribute<?>[] permissions(String permissions) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
