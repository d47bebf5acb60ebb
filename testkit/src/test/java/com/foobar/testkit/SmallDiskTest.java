package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallDiskTest {
    private static final byte[] PAGES = new byte[64 << 10];

    @TempDir
    Path folder;

    @Test
    void isFullUntilThereIsRoomAgainAndLeavesNothing() throws Exception {
        Path file;
        try (SmallDisk disk = SmallDisk.at(folder.resolve("disk"), "256k")) {
            file = disk.folder().resolve("file");
            Path ballast = disk.fill();
            assertThatThrownBy(() -> Files.write(file, PAGES)).isInstanceOf(IOException.class);
            Files.delete(ballast);
            Files.write(file, PAGES);
            assertThatThrownBy(() -> Files.write(disk.folder().resolve("more"), new byte[1 << 20]))
                    .isInstanceOf(IOException.class);
            disk.resize("4m");
            Files.write(disk.folder().resolve("more"), new byte[1 << 20]);
        }
        assertThat(file).doesNotExist();
    }
}
