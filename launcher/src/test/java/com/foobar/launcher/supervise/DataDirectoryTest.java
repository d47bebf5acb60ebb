package com.foobar.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path temp;

    @Test
    void theSecondIsToldWhoHoldsIt() throws Exception {
        try (DataDirectory first = DataDirectory.hold(temp.resolve("data"), "process 1 (lb1)")) {
            assertThatThrownBy(() -> DataDirectory.hold(first.path(), "process 2"))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("is in use by process 1 (lb1)");
        }
    }

    @Test
    void whatIsReleasedCanBeHeldAgain() throws Exception {
        Path data = temp.resolve("a/b");
        DataDirectory.hold(data, "one, with a long text behind it").close();
        DataDirectory.hold(data, "two").close();

        assertThat(Files.readString(data.resolve("foobar.lock"))).isEqualTo("two\n");
    }

    @Test
    void aFileInItsPlaceIsNamed() throws Exception {
        Path file = Files.createFile(temp.resolve("data"));

        assertThatThrownBy(() -> DataDirectory.hold(file, "x"))
                .isInstanceOfSatisfying(StartFailure.class, failure -> assertThat(failure.cure())
                        .contains("--data"))
                .hasMessageContaining(file.toString());
    }
}
