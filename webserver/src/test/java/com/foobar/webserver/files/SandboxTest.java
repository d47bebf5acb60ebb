package com.foobar.webserver.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.thread.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The root as a sandbox, without HTTP in front of it: also for names that no request can bring. */
class SandboxTest {
    @TempDir
    Path folder;

    private Path root;
    private Sandbox sandbox;

    @BeforeEach
    void fill() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        new Root(root).put("a.txt", "inside");
        new Root(root).put("deep/er/b.txt", "inside");
        new Root(folder.resolve("outside")).put("er/b.txt", "secret");
        new Root(folder.resolve("root-beside")).put("b.txt", "secret");
        sandbox = new Sandbox(root);
    }

    private String open(String name) throws IOException {
        Found found = sandbox.open(name);
        if (!(found instanceof Found.Content content)) {
            return found.getClass().getSimpleName();
        }
        try (var channel = content.channel()) {
            ByteBuffer bytes = ByteBuffer.allocate(100);
            int unused = channel.read(bytes, 0);
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        }
    }

    @Test
    void whatIsInsideIsOpened() throws IOException {
        assertThat(open("a.txt")).isEqualTo("inside");
        assertThat(open("deep/er/b.txt")).isEqualTo("inside");
        assertThat(open("deep")).isEqualTo("Folder");
        assertThat(open("")).isEqualTo("Folder");
        assertThat(open("none")).isEqualTo("Absent");
        assertThat(open("a.txt/b")).isEqualTo("Absent");
    }

    @Test
    void rawWaysOutAreRefusedEvenIfNobodyLookedAtThemBefore() throws IOException {
        for (String name : new String[] {
            "../outside/er/b.txt",
            "deep/../../outside/er/b.txt",
            folder.resolve("outside/er/b.txt").toString(),
            "../root-beside/b.txt",
            "..",
            "/etc/passwd"
        }) {
            assertThat(open(name)).as(name).isEqualTo("Refused");
        }
        assertThat(open("a.txt\0.png")).isEqualTo("Absent");
    }

    @Test
    void linksLeadAnywhereInsideAndNowhereElse() throws IOException {
        Files.createSymbolicLink(root.resolve("in"), Path.of("deep"));
        Files.createSymbolicLink(root.resolve("out"), Path.of("../outside"));
        Files.createSymbolicLink(root.resolve("beside"), Path.of("../root-beside/b.txt"));
        Files.createSymbolicLink(root.resolve("absolute"), root.resolve("a.txt"));
        Files.createSymbolicLink(root.resolve("device"), Path.of("/dev/null"));
        assertThat(open("in/er/b.txt")).isEqualTo("inside");
        assertThat(open("absolute")).isEqualTo("inside");
        assertThat(open("out/er/b.txt")).isEqualTo("Refused");
        assertThat(open("beside")).isEqualTo("Refused");
        assertThat(open("device")).isEqualTo("Refused");
    }

    /** A folder that is a link to the outside at every other moment: the look and the opening may fall on different ones. */
    @Test
    void aFolderSwappedForALinkNeverLeadsOut() throws Exception {
        Path swapped = root.resolve("swapped");
        Path real = Files.createDirectory(root.resolve("real"));
        new Root(real).put("b.txt", "inside");
        new Root(folder.resolve("outside")).put("b.txt", "secret");
        Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("../outside"));
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<IOException> trouble = new AtomicReference<>();
        Thread swapper = Threads.one("test", "swapper", () -> {
            try {
                while (!done.get()) {
                    Files.move(real, swapped, StandardCopyOption.ATOMIC_MOVE);
                    Files.move(swapped, real, StandardCopyOption.ATOMIC_MOVE);
                    Files.move(link, swapped, StandardCopyOption.ATOMIC_MOVE);
                    Files.move(swapped, link, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException e) {
                trouble.set(e);
            }
        });
        swapper.start();
        int inside = 0;
        long end = System.nanoTime() + 2_000_000_000L;
        while (System.nanoTime() < end) {
            String seen = open("swapped/b.txt");
            assertThat(seen).isNotEqualTo("secret");
            inside += seen.equals("inside") ? 1 : 0;
        }
        done.set(true);
        swapper.join();
        assertThat(trouble.get()).isNull();
        assertThat(inside).as("times the file was there and opened").isPositive();
    }

    @Test
    void whatMayNotBeReadIsRefusedWithoutSayingSo() throws IOException {
        Path file = new Root(root).put("closed.txt", "secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(
                Files.isReadable(file), "SKIPPED: this user (root?) reads everything, so nothing is unreadable");
        assertThat(open("closed.txt")).isEqualTo("Refused");
    }
}
