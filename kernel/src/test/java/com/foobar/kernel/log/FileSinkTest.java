package com.foobar.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {

    @TempDir
    Path folder;

    private final HandTime time = new HandTime();
    private final List<String> console = new ArrayList<>();

    @Test
    void aFullFileIsPutAsideAndTheOldestGo() throws IOException {
        try (RotatingFile file = file(new FileLimits(10, 30, Duration.ofDays(14)))) {
            for (int i = 0; i < 6; i++) {
                file.append(bytes("line" + i + "\n"));
                time.move(Duration.ofSeconds(1));
            }
        }
        assertThat(names()).hasSize(4).last().isEqualTo("foobar.jsonl");
        assertThat(names().get(0)).isEqualTo("foobar-20261121-120307.jsonl");
        assertThat(folder.resolve("foobar.jsonl")).hasContent("line5\n");
        assertThat(folder.resolve(names().get(0))).hasContent("line2\n");
    }

    @Test
    void rotationsInTheSameSecondKeepTheirOrder() throws IOException {
        try (RotatingFile file = file(new FileLimits(4, 1000, Duration.ofDays(14)))) {
            for (int i = 0; i < 4; i++) {
                file.append(bytes("n" + i + "\n"));
            }
        }
        assertThat(names()).hasSize(4);
        Path second = folder.resolve("foobar-20261121-120304-001.jsonl");
        assertThat(second).hasContent("n1\n");
    }

    @Test
    void aNewDayBeginsANewFileAndOldFilesGo() throws IOException {
        Path ancient = Files.writeString(folder.resolve("foobar-20200101-000000.jsonl"), "old\n");
        Files.setLastModifiedTime(ancient, FileTime.from(time.instant().minus(Duration.ofDays(15))));
        Path foreign = Files.writeString(folder.resolve("other-20200101-000000.jsonl"), "not ours\n");
        try (RotatingFile file = file(FileLimits.DEFAULT)) {
            file.append(bytes("today\n"));
            time.move(Duration.ofHours(12));
            file.append(bytes("tomorrow\n"));
        }
        assertThat(folder.resolve("foobar.jsonl")).hasContent("tomorrow\n");
        assertThat(folder.resolve("foobar-20261122-000304.jsonl")).hasContent("today\n");
        assertThat(ancient).doesNotExist();
        assertThat(foreign).exists();
    }

    @Test
    void aRestartGoesOnInTheSameFileAndAMovedFileIsNoticed() throws IOException {
        try (RotatingFile file = file(FileLimits.DEFAULT)) {
            file.append(bytes("a\n"));
        }
        Files.setLastModifiedTime(folder.resolve("foobar.jsonl"), FileTime.from(time.instant()));
        try (RotatingFile file = file(FileLimits.DEFAULT)) {
            file.append(bytes("b\n"));
            assertThat(folder.resolve("foobar.jsonl")).hasContent("a\nb\n");
            Files.move(folder.resolve("foobar.jsonl"), folder.resolve("moved"));
            file.append(bytes("c\n"));
        }
        assertThat(folder.resolve("foobar.jsonl")).hasContent("c\n");
    }

    /** The kernel's own full disk. */
    @Test
    void aFullDiskIsSaidOnceAndLeftBehindWhenThereIsSpace() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "no /dev/full on this machine");
        Files.createSymbolicLink(folder.resolve("foobar.jsonl"), Path.of("/dev/full"));
        provesRecovery();
    }

    @Test
    void anUnwritableFolderIsSaidOnceAndLeftBehindWhenItIsRepaired() throws IOException {
        Files.createDirectory(folder.resolve("foobar.jsonl"));
        provesRecovery();
    }

    private void provesRecovery() throws IOException {
        FileSink<ILoggingEvent> sink = new FileSink<>(file(FileLimits.DEFAULT), time, console::add, JsonLine::append);
        for (int i = 0; i < 3; i++) {
            sink.write(Events.info("lost " + i));
            sink.flush();
            time.move(Duration.ofSeconds(4));
        }
        assertThat(console).hasSize(1).first().asString().contains("cannot write", "foobar.jsonl");
        assertThat(sink.lost()).isEqualTo(3);
        Files.delete(folder.resolve("foobar.jsonl"));
        time.move(Duration.ofSeconds(5));
        sink.flush();
        assertThat(console).hasSize(2).last().asString().contains("again", "3 log lines are missing");
        sink.write(Events.info("kept"));
        sink.close();
        assertThat(Files.readAllLines(folder.resolve("foobar.jsonl")))
                .hasSize(1)
                .first()
                .asString()
                .contains("kept");
    }

    private RotatingFile file(FileLimits limits) {
        return new RotatingFile(folder, "foobar", limits, time);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
