package com.foobar.bench;

import com.foobar.testkit.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The programs that are measured or that measure, and the Debian package that has each. */
enum Program {
    HAPROXY("haproxy", "-v"),
    NGINX("nginx-light", "-v"),
    WRK("wrk", "-v"),
    H2LOAD("nghttp2-client", "--version");

    private final String debianPackage;
    private final String versionOption;

    Program(String debianPackage, String versionOption) {
        this.debianPackage = debianPackage;
        this.versionOption = versionOption;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isInstalled() {
        return Tools.find(word()).isPresent();
    }

    String path() {
        return Tools.find(word())
                .map(Object::toString)
                .orElseThrow(
                        () -> new IllegalStateException("no `" + word() + "`; cure: apt-get install " + debianPackage));
    }

    /** The first line it prints about itself. */
    String version() {
        try {
            Process process = new ProcessBuilder(List.of(path(), versionOption))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader reader = process.inputReader()) {
                return Optional.ofNullable(reader.readLine()).orElse(word() + " of unknown version");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask " + word() + " for its version", e);
        }
    }
}
