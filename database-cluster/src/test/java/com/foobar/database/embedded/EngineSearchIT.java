package com.foobar.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.TestCluster;
import com.foobar.database.storage.FolderSync;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.SmallDisk;
import com.foobar.testkit.Tools;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineSearchIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String KEY = "database-cluster.engine";

    private Path folder;

    @BeforeEach
    void anEmptyFolder() throws IOException {
        folder = TestCluster.work("search");
    }

    @AfterEach
    void nothingLeft() throws IOException {
        FolderSync.delete(folder);
    }

    @Test
    void withoutAnyEngineAllPlacesAreNamed() {
        assertThatThrownBy(() -> new EngineSearch(Optional.empty(), List.of(Path.of("/nowhere")), List.of(folder))
                        .find(folder.resolve("cache"), KEY, TestCluster.TIME))
                .isInstanceOfSatisfying(StartFailure.class, failure -> assertThat(failure.cure())
                        .contains(KEY))
                .hasMessageContaining("/nowhere")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void aConfiguredPathIsTheOnlyOne() {
        assertThatThrownBy(() -> new EngineSearch(
                                Optional.of(folder.resolve("missing")), List.of(), List.of(TestCluster.jar()))
                        .find(folder.resolve("cache"), KEY, TestCluster.TIME))
                .hasMessageContaining(KEY + " names " + folder.resolve("missing"));
    }

    @Test
    void anInstalledServerComesBeforeTheBundledOneUnlessItIsNoMariaDb() throws Exception {
        Engine bundled = find(List.of());
        Path mysql = script(
                "mysql", "mysqld", "echo 'mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server - GPL)'");
        Path broken = script(
                "broken", "mariadbd", "echo 'error while loading shared libraries: libsystemd.so.0' >&2; exit 127");
        assertThat(find(List.of(mysql, broken))).isEqualTo(bundled);

        Engine installed = find(List.of(mysql, bundled.server().getParent()));
        assertThat(installed.server()).isEqualTo(bundled.server());
        assertThat(installed.dump()).isPresent();

        assertThatThrownBy(() -> new EngineSearch(Optional.of(broken), List.of(), List.of())
                        .find(folder.resolve("cache"), KEY, TestCluster.TIME))
                .isInstanceOfSatisfying(StartFailure.class, failure -> assertThat(failure.cure())
                        .contains("libsystemd0"));
    }

    @Test
    void twoProgramsThatUnpackAtOnceBothServe() throws Exception {
        try (Children children = new Children()) {
            List<Child> programs = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                programs.add(children.start("program" + i, Children.java(elsewhere("n" + i))));
            }
            for (Child program : programs) {
                String unused = program.awaitLine("READY", SOON);
            }
            try (Stream<Path> cached = Files.list(folder.resolve("cache"))) {
                assertThat(cached.filter(Files::isDirectory)
                                .map(file -> file.getFileName().toString().replaceAll("-.*", "")))
                        .containsExactlyInAnyOrder("engine", "template");
            }
        }
    }

    @Test
    void aFullDiskIsNamedLeavesNothingAndHeals() throws Exception {
        try (SmallDisk small = SmallDisk.at(folder.resolve("small"), "10m")) {
            Path cache = small.folder().resolve("cache");
            assertThatThrownBy(() -> new EngineSearch(Optional.empty(), List.of(), List.of(TestCluster.jar()))
                            .find(cache, KEY, TestCluster.TIME))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("the disk is full");
            try (Stream<Path> left = Files.walk(cache)) {
                assertThat(left.filter(Files::isRegularFile)
                                .mapToLong(file -> file.toFile().length())
                                .sum())
                        .isZero();
            }

            Engine engine = find(List.of());
            NodeFolder node = NodeFolder.at(small.folder().resolve("node"));
            NodeIdentity identity = new NodeIdentity("c", "n", engine.version());
            assertThatThrownBy(() -> Provisioning.fromTemplate(
                            engine, folder.resolve("cache"), node, identity, TestCluster.TIME))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("the disk is full");
            assertThat(node.isEmpty()).isTrue();

            small.resize("200m");
            Provisioning.fromTemplate(engine, folder.resolve("cache"), node, identity, TestCluster.TIME);
            assertThat(node.identity()).contains(identity);
        }
    }

    @Test
    void servesWithoutBeingRoot() throws Exception {
        Tools.requireRoot();
        String setpriv = Tools.require("setpriv").toString();
        // The build's own files may be root's alone: everything the other user needs is copied to where it can go.
        Path open = Files.createTempDirectory("foobar-nobody");
        try (Children children = new Children()) {
            Path lib = Files.createDirectory(open.resolve("lib"));
            List<String> path = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                Path from = Path.of(entry);
                Path to = lib.resolve(path.size() + from.getFileName().toString());
                if (Files.isDirectory(from)) {
                    FolderSync.copy(from, Files.createDirectory(to), file -> true);
                    path.add(to.toString());
                } else if (Files.exists(from) && !BundledArchive.isOne(from)) {
                    path.add(Files.copy(from, to).toString());
                }
            }
            Path jar =
                    Files.copy(TestCluster.jar(), lib.resolve(TestCluster.jar().getFileName()));
            run("chown", "-R", "65534:65534", open.toString());
            List<String> command =
                    new ArrayList<>(List.of(setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"));
            command.addAll(Children.java("-cp", String.join(File.pathSeparator, path)));
            command.addAll(arguments(jar, open.resolve("cache"), open.resolve("node")));
            Child program = children.start("nobody", command);
            long server = Long.parseLong(program.awaitLine("READY [0-9]+", SOON).replaceAll("[^0-9]", ""));
            assertThat(Files.getAttribute(Path.of("/proc/" + server), "unix:uid"))
                    .isEqualTo(65534);
            assertThat(open.resolve("node/server.cnf")).content().doesNotContain("user=");
        } finally {
            FolderSync.delete(open);
        }
    }

    private Engine find(List<Path> path) throws Exception {
        return new EngineSearch(
                        Optional.empty(), path, List.of(TestCluster.jar().getParent()))
                .find(folder.resolve("cache"), KEY, TestCluster.TIME);
    }

    private Path script(String name, String program, String text) throws IOException {
        Path bin = Files.createDirectories(folder.resolve(name));
        Path file = Files.writeString(bin.resolve(program), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }

    private String[] elsewhere(String node) {
        List<String> arguments = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path")));
        arguments.addAll(arguments(TestCluster.jar(), folder.resolve("cache"), folder.resolve(node)));
        return arguments.toArray(String[]::new);
    }

    private static List<String> arguments(Path jar, Path cache, Path node) {
        return List.of(
                StartedElsewhere.class.getName(),
                jar.toString(),
                cache.toString(),
                node.toString(),
                Integer.toString(FreePorts.one()),
                "cluster");
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }
}
