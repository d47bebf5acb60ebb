package com.foobar.webserver.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.value.ByteSize;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to files while they are served, and to the server when clients and files misbehave. */
class ServingTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int HUGE = 64 << 20;
    private static final String GET_HUGE = "GET /huge.bin HTTP/1.1\r\nHost: site.test\r\n\r\n";

    @TempDir
    Path folder;

    private Root root;

    @BeforeEach
    void fill() throws IOException {
        root = new Root(folder);
        root.put("small.txt", "small");
    }

    /** Sparse: its zeros take no disk. */
    private Path huge() throws IOException {
        Path file = folder.resolve("huge.bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[1]), HUGE - 1);
        }
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(Root.MODIFIED));
        return file;
    }

    @Test
    void aFileTruncatedWhileItIsSentBreaksTheAnswerVisibly() throws Exception {
        Path file = huge();
        try (Stage stage = Stage.of(folder);
                RawHttp client = stage.client()) {
            client.send(GET_HUGE);
            // The answer has begun and cannot go on: the client does not read, and the socket's buffers are smaller.
            byte[] begun = client.readBytes(1000);
            assertThat(new String(begun, java.nio.charset.StandardCharsets.ISO_8859_1))
                    .contains("Content-Length: " + HUGE);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                FileChannel unused = channel.truncate(20 << 20);
            }
            String rest = client.untilClosed();
            assertThat(rest.length()).isLessThan(20 << 20).isGreaterThan(1 << 20);
            assertThat(stage.get("/small.txt").text()).isEqualTo("small");
            assertThat(stage.get("/huge.bin", "Range: bytes=0-0").status()).isEqualTo(206);
        }
    }

    @Test
    void aTruncatedFileBreaksAnAnswerToHttp10WithAReset() throws Exception {
        Path file = huge();
        try (Stage stage = Stage.of(folder);
                RawHttp client = stage.client()) {
            client.send("GET /huge.bin HTTP/1.0\r\nHost: site.test\r\n\r\n");
            byte[] unused = client.readBytes(1000);
            Files.write(file, new byte[10]);
            assertThat(client.untilClosed().length()).isLessThan(HUGE);
        }
    }

    @Test
    void aFileDeletedOrReplacedWhileItIsSentIsSentToItsEnd() throws Exception {
        Path file = huge();
        try (Stage stage = Stage.of(folder);
                RawHttp deleted = stage.client().patience(Duration.ofSeconds(60));
                RawHttp replaced = stage.client().patience(Duration.ofSeconds(60))) {
            deleted.send(GET_HUGE);
            byte[] unused = deleted.readBytes(10);
            Files.delete(file);
            stage.time.advance(FileCache.FRESH);
            assertThat(stage.get("/huge.bin").header("X-App")).isEqualTo("yes");
            drain(deleted, HUGE);

            huge();
            stage.time.advance(FileCache.FRESH);
            replaced.send(GET_HUGE);
            unused = replaced.readBytes(10);
            root.put("huge.bin", "now it is small");
            stage.time.advance(FileCache.FRESH);
            assertThat(stage.get("/huge.bin").text()).isEqualTo("now it is small");
            drain(replaced, HUGE);
            assertNothingIsOpen(stage, folder);
        }
    }

    /** Ten bytes of the head are gone already; what follows the empty line must be exactly this long. */
    private static void drain(RawHttp client, int size) {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) client.readBytes(1)[0]);
        }
        for (int left = size; left > 0; ) {
            int piece = Math.min(left, 1 << 20);
            byte[] unused = client.readBytes(piece);
            left -= piece;
        }
        assertThat(client.send("GET /small.txt HTTP/1.1\r\nHost: site.test\r\n\r\n")
                        .response()
                        .text())
                .isEqualTo("small");
    }

    @Test
    void aReplacedFileIsSeenAfterASecondAndNeverHalfOfIt() throws Exception {
        String before = "a".repeat(20_000);
        String after = "b".repeat(25_000);
        root.put("page.html", before);
        try (Stage stage = Stage.of(folder)) {
            List<String> seen = new ArrayList<>();
            for (int round = 0; round < 200; round++) {
                root.put("page.html", round % 2 == 0 ? after : before);
                if (round % 3 == 0) {
                    stage.time.advance(FileCache.FRESH);
                }
                String text = stage.get("/page.html").text();
                assertThat(text).isIn(before, after);
                if (round % 3 == 0) {
                    assertThat(text).isEqualTo(round % 2 == 0 ? after : before);
                }
                seen.add(text);
            }
            assertThat(seen).contains(before, after);
        }
    }

    @Test
    void aChangeInPlaceWithinOneTickIsSeenToo() throws Exception {
        try (Stage stage = Stage.of(folder)) {
            Path file = folder.resolve("live.txt");
            Files.writeString(file, "one");
            var now = java.nio.file.attribute.FileTime.from(Stage.NOW);
            Files.setLastModifiedTime(file, now);
            assertThat(stage.get("/live.txt").text()).isEqualTo("one");
            // The same inode, size and time: only the second look tells.
            Files.writeString(file, "two");
            Files.setLastModifiedTime(file, now);
            stage.time.advance(FileCache.FRESH);
            assertThat(stage.get("/live.txt").text()).isEqualTo("two");
        }
    }

    @Test
    void aCompressedNeighbourThatComesOrGoesIsSeen() throws Exception {
        root.put("a.css", "plain");
        try (Stage stage = Stage.of(folder)) {
            assertThat(stage.get("/a.css", "Accept-Encoding: br").text()).isEqualTo("plain");
            root.put("a.css.br", "squeezed");
            stage.time.advance(FileCache.FRESH);
            assertThat(stage.get("/a.css", "Accept-Encoding: br").text()).isEqualTo("squeezed");
            Files.delete(folder.resolve("a.css.br"));
            stage.time.advance(FileCache.FRESH);
            assertThat(stage.get("/a.css", "Accept-Encoding: br").text()).isEqualTo("plain");
        }
    }

    @Test
    void aFileThatAppearsIsSeenAndOneThatGoesIsTheApplicationsAgain() throws Exception {
        try (Stage stage = Stage.of(folder)) {
            assertThat(stage.get("/new.txt").header("X-App")).isEqualTo("yes");
            root.put("new.txt", "here");
            stage.time.advance(FileCache.FRESH);
            assertThat(stage.get("/new.txt").text()).isEqualTo("here");
            Files.delete(folder.resolve("new.txt"));
            stage.time.advance(FileCache.FRESH);
            assertThat(stage.get("/new.txt").header("X-App")).isEqualTo("yes");
        }
    }

    @Test
    void anEntryIsLookedAfterOnceASecondHoweverOftenItIsAskedFor() throws Exception {
        try (Stage stage = Stage.of(folder)) {
            for (int second = 0; second < 3; second++) {
                for (int i = 0; i < 20; i++) {
                    assertThat(stage.get("/small.txt").text()).isEqualTo("small");
                }
                stage.time.advance(FileCache.FRESH);
            }
            CacheCounts counts = stage.cache.counts();
            assertThat(counts.misses()).isEqualTo(1);
            assertThat(counts.hits()).isEqualTo(59);
            assertThat(counts.revalidations()).isEqualTo(2);
        }
    }

    /** As root the file stays readable, so what is asked here is only that it is looked at again. */
    @Test
    void rightsTakenFromAFileAreSeenThoughItIsInMemory() throws Exception {
        try (Stage stage = Stage.of(folder)) {
            assertThat(stage.get("/small.txt").text()).isEqualTo("small");
            Path file = folder.resolve("small.txt");
            Path unused = Files.setPosixFilePermissions(
                    file, java.nio.file.attribute.PosixFilePermissions.fromString("---------"));
            stage.time.advance(FileCache.FRESH);
            assertThat(stage.get("/small.txt").status()).isEqualTo(Files.isReadable(file) ? 200 : 404);
            assertThat(stage.cache.counts().changes()).isEqualTo(1);
        }
    }

    @Test
    void aRootSwitchedByItsLinkIsSeen() throws Exception {
        new Root(folder.resolve("r1")).put("a.txt", "first");
        new Root(folder.resolve("r2")).put("a.txt", "second");
        Path current = Files.createSymbolicLink(folder.resolve("current"), Path.of("r1"));
        try (Stage stage = Stage.of(current)) {
            assertThat(stage.get("/a.txt").text()).isEqualTo("first");
            Path beside = Files.createSymbolicLink(folder.resolve("next"), Path.of("r2"));
            Path unused = Files.move(beside, current, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            stage.time.advance(FileCache.FRESH);
            assertThat(stage.get("/a.txt").text()).isEqualTo("second");
        }
    }

    @Test
    void slowReadersHoldNothingButTheFile() throws Exception {
        huge();
        try (Stage stage = Stage.of(folder)) {
            List<RawHttp> slow = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                slow.add(stage.client().send(GET_HUGE));
            }
            for (RawHttp one : slow) {
                byte[] unused = one.readBytes(100);
            }
            // Both I/O threads carry 25 answers that cannot go on, and answer the others at once.
            long began = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                assertThat(stage.get("/small.txt").text()).isEqualTo("small");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            assertThat(openFiles(folder)).hasSize(1);
            slow.forEach(RawHttp::reset);
            stage.cache.settings(FileCacheSettings.OFF);
            assertNothingIsOpen(stage, folder);
        }
    }

    @Test
    void clientsThatLeaveInTheMiddleLeaveNoFileOpen() throws Exception {
        huge();
        Stage stage = new Stage(Stage.site(SiteSettings.of(folder, "site.test")), FileCacheSettings.OFF);
        try (stage) {
            for (int i = 0; i < 20; i++) {
                RawHttp client = stage.client().send(GET_HUGE);
                byte[] unused = client.readBytes(100);
                if (i % 2 == 0) {
                    client.reset();
                } else {
                    client.close();
                }
            }
            assertNothingIsOpen(stage, folder);
        }
    }

    @Test
    void aListenerThatIsClosedUnderAnAnswerLeavesNoFileOpen() throws Exception {
        huge();
        try (Stage stage = new Stage(Stage.site(SiteSettings.of(folder, "site.test")), FileCacheSettings.OFF);
                RawHttp client = stage.client().send(GET_HUGE)) {
            byte[] unused = client.readBytes(100);
            assertThat(openFiles(folder)).isNotEmpty();
            stage.listener.close();
            assertNothingIsOpen(stage, folder);
        }
    }

    @Test
    void filesThatNobodyAsksForAreNotHeldOpen() throws Exception {
        huge();
        try (Stage stage = Stage.of(folder)) {
            RawResponse unused = stage.get("/huge.bin", "Range: bytes=0-0");
            assertThat(stage.cache.counts().open()).isEqualTo(1);
            stage.time.advance(Duration.ofSeconds(80));
            assertThat(stage.cache.counts().open()).isZero();
            assertNothingIsOpen(stage, folder);
        }
    }

    @Test
    void pathsThatAreNotThereFillNeitherMemoryNorTheCache() throws Exception {
        try (Stage stage = Stage.of(folder);
                RawHttp client = stage.client()) {
            assertThat(stage.get("/small.txt").text()).isEqualTo("small");
            for (int i = 0; i < 5000; i++) {
                client.send("GET /none/" + i + " HTTP/1.1\r\nHost: site.test\r\n\r\n");
                assertThat(client.response().text()).startsWith("app GET /none/");
            }
            assertThat(stage.cache.counts().entries()).isLessThanOrEqualTo(4097);
            long misses = stage.cache.counts().misses();
            assertThat(stage.get("/small.txt").text()).isEqualTo("small");
            assertThat(stage.cache.counts().misses()).isEqualTo(misses);
        }
    }

    @Test
    void theCacheKeepsWhatIsAskedForAndItsBounds() throws Exception {
        for (int i = 0; i < 100; i++) {
            root.put("f" + i + ".bin", Root.noise(10_000));
        }
        FileCacheSettings tight = new FileCacheSettings(new ByteSize(200_000), new ByteSize(32 << 10), 4);
        try (Stage stage = new Stage(Stage.site(SiteSettings.of(folder, "site.test")), tight)) {
            for (int i = 0; i < 100; i++) {
                assertThat(stage.get("/f" + i + ".bin").body()).hasSize(10_000);
                assertThat(stage.get("/f0.bin").body()).hasSize(10_000);
                assertThat(stage.cache.counts().bytes()).isLessThanOrEqualTo(200_000);
            }
            CacheCounts counts = stage.cache.counts();
            assertThat(counts.evictions()).isGreaterThan(70);
            // The first was asked for all the time, so the hand passed it by.
            assertThat(counts.misses()).isEqualTo(100);
        }
    }

    @Test
    void openFilesAreBoundedAndStillServedWhenTheBoundIsFarTooLow() throws Exception {
        for (int i = 0; i < 20; i++) {
            root.put("f" + i + ".bin", Root.noise(100_000 + i));
        }
        FileCacheSettings two = new FileCacheSettings(new ByteSize(64 << 20), new ByteSize(32 << 10), 2);
        try (Stage stage = new Stage(Stage.site(SiteSettings.of(folder, "site.test")), two)) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 20; i++) {
                    assertThat(stage.get("/f" + i + ".bin").body()).hasSize(100_000 + i);
                    assertThat(stage.cache.counts().open()).isLessThanOrEqualTo(2);
                }
            }
            Await.until("the others are closed", SOON, () -> openFiles(folder).size() <= 2);
        }
    }

    /** Nothing looks at a folder before a request names a file in it. */
    @Test
    void aHundredThousandFilesCostNothingUntilTheyAreAskedFor() throws Exception {
        Path many = Files.createDirectory(folder.resolve("many"));
        for (int i = 0; i < 100_000; i++) {
            Path unused = Files.createFile(many.resolve("f" + i + ".txt"));
        }
        long began = System.nanoTime();
        try (Stage stage = Stage.of(folder)) {
            assertThat(stage.get("/many/f99999.txt").status()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
            assertThat(stage.cache.counts().entries()).isEqualTo(1);
        }
    }

    @Test
    void aReloadServesTheNewSitesAndForgetsTheOld() throws Exception {
        new Root(folder.resolve("next")).put("small.txt", "from the next root");
        Map<String, SiteSettings> before =
                Map.of("main", SiteSettings.of(folder, "site.test"), "kept", SiteSettings.of(folder, "kept.test"));
        Sites sites = Sites.of(before);
        try (Stage stage = new Stage(sites, FileCacheSettings.DEFAULT)) {
            assertThat(stage.get("/small.txt").text()).isEqualTo("small");
            assertThat(stage.get("/small.txt", "Host: kept.test").text()).isEqualTo("small");
            stage.files.replace(sites.with(Map.of(
                    "main",
                    SiteSettings.of(folder.resolve("next"), "site.test"),
                    "kept",
                    SiteSettings.of(folder, "kept.test"))));
            assertThat(stage.cache.counts().entries()).isEqualTo(1);
            long misses = stage.cache.counts().misses();
            assertThat(stage.get("/small.txt", "Host: kept.test").text()).isEqualTo("small");
            assertThat(stage.cache.counts().misses()).isEqualTo(misses);
            assertThat(stage.get("/small.txt").text()).isEqualTo("from the next root");
        }
    }

    @Test
    void aFullExecutorIsAnHonest503AndFilesInMemoryAreServedOn() throws Exception {
        root.put("other.txt", "other");
        try (Stage stage = Stage.of(folder)) {
            assertThat(stage.get("/small.txt").text()).isEqualTo("small");
            stage.executor.shutdownNow();
            assertThat(stage.get("/other.txt").status()).isEqualTo(503);
            assertThat(stage.get("/small.txt").text()).isEqualTo("small");
            assertThat(stage.get("/nothing").header("X-App")).isEqualTo("yes");
        }
    }

    @Test
    void rootsThatCannotBeServedAreTold() {
        Path missing = folder.resolve("missing");
        assertThat(Sites.of(Map.of("main", SiteSettings.of(missing, "site.test")))
                        .problems())
                .singleElement()
                .asString()
                .contains("main", missing.toString(), "create it");
        assertThat(Sites.of(Map.of("main", SiteSettings.of(folder, "site.test")))
                        .problems())
                .isEmpty();
    }

    private static void assertNothingIsOpen(Stage stage, Path folder) {
        Await.until("no file below the root is open", SOON, () -> openFiles(folder), List::isEmpty);
        assertThat(stage.cache.counts().open()).isZero();
    }

    /** What this process has open below the folder, from the kernel and not from our own books. */
    private static List<String> openFiles(Path folder) {
        List<String> open = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            all.forEach(one -> {
                try {
                    String target = Files.readSymbolicLink(one).toString();
                    if (target.startsWith(folder.toRealPath().toString())) {
                        open.add(target);
                    }
                } catch (IOException closedMeanwhile) {
                    return;
                }
            });
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return open;
    }
}
