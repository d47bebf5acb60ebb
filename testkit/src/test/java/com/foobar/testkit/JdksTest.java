package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdksTest {

    @TempDir
    private Path folder;

    @Test
    void findsTheRunningOneAmongThoseBesideIt() {
        assertThat(Jdks.all()).extracting(Jdk::home).contains(Jdks.running().home());
        assertThat(Jdks.running().java()).isExecutable();
        assertThat(Jdks.newest().version().feature())
                .isGreaterThanOrEqualTo(Runtime.version().feature());
    }

    @Test
    void sortsByVersionAndNotByNameAndCountsALinkOnce() throws IOException {
        jdk("a-9", "9.0.4");
        jdk("b-21", "21.0.2");
        jdk("c-17", "17");
        jdk("d-8", "1.8.0_392");
        Files.createDirectories(folder.resolve("e-no-jdk"));
        Files.createSymbolicLink(folder.resolve("default"), folder.resolve("b-21"));
        Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));
        List<Jdk> found = Jdks.beside(folder.resolve("c-17"));
        assertThat(found).extracting(jdk -> jdk.version().toString()).containsExactly("9.0.4", "17", "21.0.2");
    }

    private void jdk(String name, String version) throws IOException {
        Path java = folder.resolve(name).resolve("bin").resolve("java");
        Files.createDirectories(java.getParent());
        Files.createFile(java);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve(name).resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }
}
