package com.foobar.database.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.time.Time;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Time TIME = new SystemTime("test");

    @TempDir
    private Path folder;

    @Test
    void isMadeOnceByManyAtOnce() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Callable<Path> publish = () -> Publication.publish(target(), PATIENCE, TIME, into -> {
            made.incrementAndGet();
            Files.writeString(into.resolve("file"), "whole");
        });
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Path> done : threads.invokeAll(List.of(publish, publish, publish, publish))) {
                assertThat(done.get(20, TimeUnit.SECONDS).resolve("file")).hasContent("whole");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(made).hasValue(1);
        assertThat(names()).containsExactlyInAnyOrder(".target.lock", "target");
    }

    @Test
    void whatFailsLeavesNothing() {
        assertThatThrownBy(() -> Publication.publish(target(), PATIENCE, TIME, into -> {
                    Files.writeString(into.resolve("half"), "half");
                    throw new IOException("No space left on device");
                }))
                .hasMessage("No space left on device");
        assertThat(names()).containsExactly(".target.lock");
    }

    @Test
    void aKilledProgramsHalfIsSweptAndNeverSeen() throws Exception {
        try (Children children = new Children()) {
            Child program = half(children);
            assertThat(target()).doesNotExist();
            assertThatThrownBy(() -> Publication.publish(target(), Duration.ofMillis(100), TIME, into -> {}))
                    .as("while it lives nobody else fills the same folder")
                    .hasMessageContaining("for longer than");
            program.kill();
        }
        Publication.publish(target(), PATIENCE, TIME, into -> Files.writeString(into.resolve("file"), "whole"));
        assertThat(target().resolve("file")).hasContent("whole");
        assertThat(names()).containsExactlyInAnyOrder(".target.lock", "target");
    }

    private Child half(Children children) {
        Child program = children.start(
                "half",
                Children.java(
                        "-cp",
                        System.getProperty("java.class.path"),
                        HalfPublished.class.getName(),
                        target().toString()));
        program.awaitLine("HALF", PATIENCE);
        return program;
    }

    private Path target() {
        return folder.resolve("target");
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
