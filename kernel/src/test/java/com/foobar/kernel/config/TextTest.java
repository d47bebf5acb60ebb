package com.foobar.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTest {
    @TempDir
    Path folder;

    private void refused(String name, String reason) {
        Path path = folder.resolve(name);
        assertThatThrownBy(() -> Text.read(path))
                .isInstanceOf(ConfigUnreadable.class)
                .hasMessage(path + ": " + reason);
    }

    @Test
    void what_is_no_text_file_is_refused_with_its_name() throws Exception {
        Files.write(folder.resolve("latin1"), new byte[] {'a', (byte) 0xe9, 'b'});
        Files.write(folder.resolve("huge"), new byte[Text.MOST_BYTES + 1]);
        Files.createDirectory(folder.resolve("folder"));
        refused("missing", "there is no such file");
        refused("latin1", "is not UTF-8 text");
        refused("huge", "is larger than 1048576 bytes");
        refused("folder", "is a folder, expected a file");
    }

    @Test
    void a_text_knows_its_name_and_folder() throws Exception {
        Path file = Files.writeString(folder.resolve("a.yaml"), "site: ä");
        assertThat(Text.read(file)).isEqualTo(new Text(file.toString(), "site: ä", folder));
    }
}
