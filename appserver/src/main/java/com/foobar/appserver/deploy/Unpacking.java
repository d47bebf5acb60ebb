package com.foobar.appserver.deploy;

import com.foobar.kernel.value.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Copies an application to where it runs. It never runs from where it was put: a file that is replaced under a running class
 * loader takes the JVM with it.
 */
final class Unpacking {
    private static final int MOST_ENTRIES = 200_000;

    private final ByteSize most;
    private long bytes;
    private int entries;

    Unpacking(ByteSize most) {
        this.most = most;
    }

    void copy(Plan.Seen seen, Path target) throws IOException {
        Files.createDirectories(target);
        if (seen.folder()) {
            folder(seen.path(), target);
        } else {
            war(seen.path(), target);
        }
    }

    private void war(Path war, Path target) throws IOException {
        String name = String.valueOf(war.getFileName());
        try (ZipFile zip = new ZipFile(war.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                Path place = place(name, target, entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(place);
                } else {
                    Files.createDirectories(place.getParent());
                    try (InputStream in = zip.getInputStream(entry);
                            OutputStream out = Files.newOutputStream(place)) {
                        move(name, in, out);
                    }
                }
            }
        } catch (ZipException broken) {
            throw new IOException(
                    name + " is no complete ZIP file (" + broken.getMessage() + "): copy it again", broken);
        }
    }

    /** Of an entry that would lie elsewhere nothing is written: it is an attack, and so may be the rest. */
    private Path place(String war, Path target, String entry) throws IOException {
        Path place = target.resolve(entry).normalize();
        if (!place.startsWith(target) || (place.equals(target) && !entry.endsWith("/"))) {
            throw new IOException(war + " has the entry '" + entry + "', which leads out of it: it is not unpacked");
        }
        count(war);
        return place;
    }

    private void count(String name) throws IOException {
        if (++entries > MOST_ENTRIES) {
            throw new IOException(name + " has more than " + MOST_ENTRIES + " entries");
        }
    }

    /** Counts what comes, not what the entry says it will be. */
    private void move(String name, InputStream in, OutputStream out) throws IOException {
        byte[] some = new byte[64 * 1024];
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
            bytes += count;
            if (bytes > most.bytes()) {
                throw new IOException(
                        name + " is larger than " + most + " when unpacked: raise appserver.unpacked if it must be");
            }
            out.write(some, 0, count);
        }
    }

    private void folder(Path from, Path target) throws IOException {
        String name = String.valueOf(from.getFileName());
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts) throws IOException {
                Files.createDirectories(target.resolve(from.relativize(folder).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
                count(name);
                try (InputStream in = Files.newInputStream(file);
                        OutputStream out = Files.newOutputStream(
                                target.resolve(from.relativize(file).toString()))) {
                    move(name, in, out);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** With everything in it; what cannot be removed stays for the next start. */
    static void remove(Path folder) {
        try {
            if (Files.exists(folder)) {
                Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path emptied, @org.jspecify.annotations.Nullable IOException failed) throws IOException {
                        Files.deleteIfExists(emptied);
                        return FileVisitResult.CONTINUE;
                    }
                });
            }
        } catch (IOException stays) {
            org.slf4j.LoggerFactory.getLogger(Unpacking.class).warn("cannot remove {}: {}", folder, stays.toString());
        }
    }
}
