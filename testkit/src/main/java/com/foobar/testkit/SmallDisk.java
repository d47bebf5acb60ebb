package com.foobar.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own in memory, so small that it can be filled; takes root. Gone with {@link #close}, whoever still uses it. */
public final class SmallDisk implements AutoCloseable {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Over a folder, which is made; no test where that is forbidden.
     *
     * @param size as mount takes it: {@code 1m}
     */
    public static SmallDisk at(Path folder, String size) {
        Tools.requireRoot();
        String mount = Tools.require("mount").toString();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Command.Result mounted =
                Command.run(mount, "-t", "tmpfs", "-o", "mode=0700,size=" + size, "tmpfs", folder.toString());
        if (!mounted.good()) {
            Tools.missing("this machine forbids mounting a tmpfs (CAP_SYS_ADMIN): " + mounted);
        }
        return new SmallDisk(folder);
    }

    public Path folder() {
        return folder;
    }

    /** From now on it holds this much. */
    public void resize(String size) {
        String unused = Command.run(Tools.require("mount").toString(), "-o", "remount,size=" + size, folder.toString())
                .orFail();
    }

    /** To the last byte; there is room again when the file that is returned is deleted. */
    public Path fill() {
        Path ballast = folder.resolve("ballast");
        byte[] piece = new byte[1 << 12];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw new UncheckedIOException(full);
            }
            return ballast;
        }
    }

    /** Lazily: a failure is not to be hidden by what it has left open. */
    @Override
    public void close() {
        String unused = Command.run(Tools.require("umount").toString(), "-l", folder.toString())
                .orFail();
    }
}
