package com.foobar.appserver.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.value.ByteSize;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackingTest {
    @TempDir
    Path folder;

    private Plan.Seen war(String entry, int size) throws IOException {
        Path war = folder.resolve("shop.war");
        try (OutputStream out = Files.newOutputStream(war);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("good.txt"));
            zip.write(1);
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(new byte[size]);
        }
        return new Plan.Seen(war, false, new Plan.Stamp(1, 1, 1));
    }

    private void copy(Plan.Seen seen) throws IOException {
        new Unpacking(new ByteSize(1 << 20)).copy(seen, folder.resolve("target").toAbsolutePath());
    }

    @Test
    void writesNothingElsewhere() throws IOException {
        for (String entry : new String[] {"../evil.txt", "a/../../evil.txt", "/etc/evil.txt"}) {
            assertThatThrownBy(() -> copy(war(entry, 10)))
                    .hasMessageContaining("shop.war has the entry '" + entry + "', which leads out of it");
        }
        assertThat(folder.resolve("evil.txt")).doesNotExist();
    }

    @Test
    void stopsAtTheLimitWhateverTheEntrySays() {
        assertThatThrownBy(() -> copy(war("bomb", 2 << 20)))
                .hasMessageContaining("shop.war is larger than 1MiB when unpacked: raise appserver.unpacked");
    }

    @Test
    void saysWhenAFileIsNotWhole() throws IOException {
        Plan.Seen whole = war("a", 1000);
        byte[] bytes = Files.readAllBytes(whole.path());
        Files.write(whole.path(), Arrays.copyOf(bytes, bytes.length - 30));
        assertThatThrownBy(() -> copy(whole)).hasMessageContaining("shop.war is no complete ZIP file");
    }

    @Test
    void copiesFolders() throws IOException {
        Path from = Files.createDirectories(folder.resolve("shop/WEB-INF"));
        Files.writeString(from.resolve("web.xml"), "<web-app/>");
        copy(new Plan.Seen(folder.resolve("shop"), true, new Plan.Stamp(1, 1, 1)));
        assertThat(folder.resolve("target/WEB-INF/web.xml")).hasContent("<web-app/>");
        Unpacking.remove(folder.resolve("target"));
        assertThat(folder.resolve("target")).doesNotExist();
    }
}
