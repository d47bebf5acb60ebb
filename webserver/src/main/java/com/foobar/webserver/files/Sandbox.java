package com.foobar.webserver.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A root that nothing outside of it is served from. Links are followed while they stay inside, so that a release can be switched
 * by a link. First every link is resolved; then the way without links is walked from the root, folder by folder, each opened
 * inside the one before and none of them a link: if somebody swaps one in between, the walk fails and nothing was opened.
 *
 * <p>The root's own path is the operator's and may be a link too; it is resolved each time, so that switching it is seen.
 * Only regular files are opened: opening a fifo waits for a writer. (One swapped in between the look and the opening holds a
 * thread of the executor, never an I/O thread, and whoever can do that owns the site.)
 */
final class Sandbox {
    private static final int ATTEMPTS = 3;
    private static final Set<StandardOpenOption> READ = Set.of(StandardOpenOption.READ);

    private final Path root;

    Sandbox(Path root) {
        this.root = root.toAbsolutePath();
    }

    Path root() {
        return root;
    }

    /** Where a name is, links not resolved; null when this system cannot spell it. */
    @Nullable
    Path locate(String name) {
        try {
            return root.resolve(name);
        } catch (InvalidPathException unmappable) {
            // Of a locale without UTF-8: then there is no such file either.
            return null;
        }
    }

    /** Whether there is anything at all; one stat. */
    boolean exists(String name) {
        Path path = locate(name);
        return path != null && path.toFile().exists();
    }

    /** Blocks. Throws only when the system itself is in trouble; whatever is wrong with the name or the file is an answer. */
    Found open(String name) throws IOException {
        Path path = locate(name);
        if (path == null) {
            return Found.ABSENT;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Path inside = root.toRealPath();
                Path real = path.toRealPath();
                if (!real.startsWith(inside)) {
                    return Found.REFUSED;
                }
                Found found = walk(inside, inside.relativize(real));
                if (found != null) {
                    return found;
                }
            } catch (NoSuchFileException gone) {
                return Found.ABSENT;
            } catch (FileSystemException refused) {
                // Too many open files is our trouble and no property of the file.
                if (String.valueOf(refused.getReason()).contains("open files")) {
                    throw refused;
                }
                return path.toFile().exists() ? Found.REFUSED : Found.ABSENT;
            }
        }
        return Found.REFUSED;
    }

    /** Null when what was opened is not what was looked at. */
    private static @Nullable Found walk(Path inside, Path way) throws IOException {
        if (way.toString().isEmpty()) {
            return Found.FOLDER;
        }
        try (DirectoryStream<Path> top = Files.newDirectoryStream(inside)) {
            return top instanceof SecureDirectoryStream<Path> folder
                    ? walk(folder, way, 0)
                    : openByPath(inside.resolve(way));
        }
    }

    private static @Nullable Found walk(SecureDirectoryStream<Path> folder, Path way, int depth) throws IOException {
        Path name = way.getName(depth);
        if (depth == way.getNameCount() - 1) {
            return openIn(folder, name);
        }
        try (SecureDirectoryStream<Path> deeper = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            return walk(deeper, way, depth + 1);
        }
    }

    private static @Nullable Found openIn(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        BasicFileAttributeView view = folder.getFileAttributeView(name, Stamp.view(), LinkOption.NOFOLLOW_LINKS);
        BasicFileAttributes before = view.readAttributes();
        if (!before.isRegularFile()) {
            return before.isDirectory() ? Found.FOLDER : Found.REFUSED;
        }
        SeekableByteChannel opened =
                folder.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        return judged(opened, before, view);
    }

    /** For systems without relative opening: what was opened is checked by its path before and after. */
    private static @Nullable Found openByPath(Path real) throws IOException {
        BasicFileAttributeView view = Files.getFileAttributeView(real, Stamp.view(), LinkOption.NOFOLLOW_LINKS);
        BasicFileAttributes before = view.readAttributes();
        if (!before.isRegularFile()) {
            return before.isDirectory() ? Found.FOLDER : Found.REFUSED;
        }
        SeekableByteChannel opened = FileChannel.open(real, READ);
        return real.equals(real.toRealPath()) ? judged(opened, before, view) : closed(opened);
    }

    private static @Nullable Found judged(
            SeekableByteChannel opened, BasicFileAttributes before, BasicFileAttributeView view) throws IOException {
        try {
            Stamp stamp = Stamp.of(view.readAttributes());
            if (stamp.equals(Stamp.of(before)) && opened.size() == stamp.size() && opened instanceof FileChannel file) {
                return new Found.Content(file, stamp);
            }
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        return closed(opened);
    }

    private static @Nullable Found closed(SeekableByteChannel opened) throws IOException {
        opened.close();
        return null;
    }
}
