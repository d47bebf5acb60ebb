package com.foobar.testkit;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** The JDKs installed beside the one that runs the tests. */
public final class Jdks {

    private Jdks() {}

    /** The one that runs the tests. */
    public static Jdk running() {
        return new Jdk(Runtime.version(), home());
    }

    /** Perhaps the running one itself. */
    public static Jdk newest() {
        List<Jdk> all = all();
        return all.get(all.size() - 1);
    }

    /** Oldest first; the running one is always among them. */
    public static List<Jdk> all() {
        return beside(home());
    }

    static List<Jdk> beside(Path home) {
        Path parent = Objects.requireNonNull(home.getParent(), "a JDK in the root folder has no siblings");
        try (Stream<Path> siblings = Files.list(parent)) {
            return siblings.map(Jdks::real)
                    .flatMap(Optional::stream)
                    .distinct()
                    .map(Jdks::read)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(Jdk::version).thenComparing(Jdk::home))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path home() {
        return real(Path.of(Objects.requireNonNull(System.getProperty("java.home"))))
                .orElseThrow(() -> new AssertionError("java.home does not exist"));
    }

    /** Distributions link several names to one JDK. */
    private static Optional<Path> real(Path folder) {
        try {
            return Optional.of(folder.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Jdk> read(Path home) {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release)
                || !Files.isExecutable(home.resolve("bin").resolve("java"))) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release, StandardCharsets.UTF_8)) {
            properties.load(reader);
            String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
            return Optional.of(new Jdk(Runtime.Version.parse(version), home));
        } catch (IOException | IllegalArgumentException e) {
            // JDK 8 writes 1.8.0_392, which is no version to today's JDKs, and is too old for any test here.
            return Optional.empty();
        }
    }
}
