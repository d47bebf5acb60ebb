package com.foobar.bench;

import com.foobar.kernel.time.Time;
import com.foobar.kernel.tls.DevelopmentAuthority;
import com.foobar.kernel.tls.KeyMaterial;
import com.foobar.kernel.tls.ServerNames;
import com.foobar.kernel.tls.TlsMaterialException;
import com.foobar.testkit.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What all contenders share: a folder that vanishes, child processes that do too, one certificate, the two backends, and one database.
 *
 * @param database for the scenarios that need one
 * @param certificate key and chain in one PEM file, ECDSA P-256
 */
record Bed(Path folder, Children children, Time time, Path certificate, Backends backends, Optional<Database> database)
        implements AutoCloseable {

    static final String SITE = "www.foobar.com";

    /** @param launcher whose database is started, if anybody needs one */
    static Bed make(Time time, Optional<Path> launcher) {
        Children children = new Children();
        try {
            Path folder = java.nio.file.Files.createTempDirectory("foobar-bench");
            Path certificate = certificate(folder.resolve("certificates"), time);
            Backends backends = Backends.start(folder, children);
            Path room = java.nio.file.Files.createDirectories(folder.resolve("database"));
            Optional<Database> database = launcher.map(jar -> Database.start(room, jar, children));
            return new Bed(folder, children, time, certificate, backends, database);
        } catch (IOException e) {
            children.close();
            throw new UncheckedIOException("the bench cannot write to java.io.tmpdir; is the disk full?", e);
        } catch (RuntimeException | Error e) {
            children.close();
            throw e;
        }
    }

    /** The files of the web tier. */
    Path files() {
        return Files.make(folder.resolve("files"));
    }

    /** A folder of its own for one process. */
    Path room(String name) {
        try {
            return java.nio.file.Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for " + name, e);
        }
    }

    static Path write(Path file, String text) {
        try {
            return java.nio.file.Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Processes first: they still write into the folder. */
    @Override
    public void close() {
        children.close();
        try (Stream<Path> all = java.nio.file.Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                java.nio.file.Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("bench: left behind in java.io.tmpdir: " + folder + " (" + e + ")");
        }
    }

    private static Path certificate(Path folder, Time time) throws IOException {
        try {
            ServerNames names = ServerNames.of(List.of(SITE), List.of(InetAddress.getLoopbackAddress()));
            KeyMaterial unused = DevelopmentAuthority.open(folder, time).leaf("www", names);
            return folder.resolve("www.pem");
        } catch (TlsMaterialException e) {
            throw new IOException("no certificate for the bench: " + e.getMessage(), e);
        }
    }
}
