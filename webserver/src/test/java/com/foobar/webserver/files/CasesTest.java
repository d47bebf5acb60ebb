package com.foobar.webserver.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.RawResponse;
import com.foobar.webserver.answer.Coding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of {@code cases.txt} over real sockets, three times: the file is in the cache, nothing is ever cached, and the file
 * has just been replaced by one with other content.
 */
class CasesTest {
    private static final Duration LATER = FileCache.FRESH.plusMillis(1);

    /** In what state a request finds the cache. */
    private enum Mode {
        CACHED,
        NOT_CACHED,
        JUST_REPLACED
    }

    private record Case(String request, List<String> fields, String status, List<String> expected, String body) {
        static Case of(String line) {
            String[] parts = line.split("\\|", -1);
            assertThat(parts).as(line).hasSize(5);
            return new Case(parts[0].trim(), list(parts[1]), parts[2].trim(), list(parts[3]), parts[4].trim());
        }

        private static List<String> list(String text) {
            return text.isBlank()
                    ? List.of()
                    : List.of(text.trim().split(";;")).stream()
                            .map(String::trim)
                            .toList();
        }

        String name() {
            return request + (fields.isEmpty() ? "" : " " + fields);
        }

        String path() {
            String target = request.substring(request.indexOf(' ') + 1);
            return target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
        }
    }

    @TempDir
    static Path folder;

    private static Root root;
    private static Sites sites;
    private static Stage cached;
    private static Stage notCached;

    @BeforeAll
    static void open() throws IOException, StartFailure, InterruptedException {
        root = new Root(Files.createDirectory(folder.resolve("root")));
        fill();
        sites = Sites.of(Map.of("main", main(), "other", other(), "spa", spa()));
        cached = new Stage(sites, FileCacheSettings.DEFAULT);
        notCached =
                new Stage(sites.with(Map.of("main", main(), "other", other(), "spa", spa())), FileCacheSettings.OFF);
    }

    @AfterAll
    static void close() {
        cached.close();
        notCached.close();
    }

    private static SiteSettings main() {
        SiteSettings plain = SiteSettings.of(root.path, "site.test", "*.site.test");
        return new SiteSettings(
                plain.hosts(),
                plain.root(),
                plain.index(),
                Optional.empty(),
                Map.of(),
                Map.of("/assets/**", "public, max-age=600"),
                Map.of(".own", "application/x-own"),
                List.of(Coding.values()),
                true,
                plain.gzipFrom(),
                plain.gzipUpTo(),
                plain.ranges());
    }

    private static SiteSettings other() {
        return SiteSettings.of(folder.resolve("other"), "other.test");
    }

    private static SiteSettings spa() {
        SiteSettings plain = SiteSettings.of(root.path.resolve("spa"), "spa.test");
        return new SiteSettings(
                plain.hosts(),
                plain.root(),
                plain.index(),
                Optional.of("index.html"),
                Map.of("404", "404.html", "405", "missing.html", "412", ".hidden.html"),
                Map.of(),
                Map.of(),
                List.of(),
                false,
                plain.gzipFrom(),
                plain.gzipUpTo(),
                plain.ranges());
    }

    private static void fill() throws IOException, InterruptedException {
        root.put("a.txt", "0123456789".repeat(10));
        root.put("big.bin", Root.noise(Root.BIG));
        root.put("mid.bin", Root.noise(30_000));
        root.put("empty.txt", "");
        root.put("index.html", "<html>home</html>");
        root.put("docs/index.html", "<html>docs</html>");
        root.put("docs/.htaccess", "secret");
        root.put("img.png", Root.noise(300));
        root.put("LICENSE", "do what you want");
        root.put("app.3f2a9c1b.js", "run()");
        root.put("assets/report.pdf", "%PDF");
        root.put("data.own", "own");
        root.put("x.tar.gz", "not really");
        root.put("pre.js", "plain script, uncompressed".repeat(100));
        root.put("pre.js.br", "brotli it");
        root.put("pre.js.zst", "zstd here");
        root.put("pre.js.gz", "gzip this");
        root.put("stale.css", "p { color: red }");
        Path stale = root.put("stale.css.gz", "made of another state");
        Files.setLastModifiedTime(stale, java.nio.file.attribute.FileTime.from(Root.MODIFIED.minusSeconds(60)));
        root.put("page.html", ("<html>" + "compress me, please. ".repeat(300)).substring(0, 5000));
        root.put("huge.json", ("[" + "1234567890,".repeat(20_000)).substring(0, 150_000));
        root.put("noise.txt", Root.noise(5000));
        root.put("sp ace.txt", "a blank");
        root.put("sp dir/index.html", "another blank");
        root.put("100%.txt", "a percent sign");
        root.put("a+b.txt", "a plus");
        for (String never : List.of(".env", ".git/config", ".hidden/.well-known/x", "docs/.well-known/x", "old.txt~")) {
            root.put(never, "secret");
        }
        for (String never : List.of("page.php.bak", "page.php.BAK", "a.txt.swp", "a.txt.orig", "#a.txt#", "...")) {
            root.put(never, "secret");
        }
        root.put(".well-known/security.txt", "Contact: mailto:x@site.test");
        root.put(".well-known/.secret", "secret");
        root.put("spa/index.html", "the application");
        root.put("spa/404.html", "lost in space");
        root.put("spa/.hidden.html", "never");
        Files.createDirectory(root.path.resolve("bare"));
        new Root(folder.resolve("other")).put("a.txt", "the other site");
        special();
    }

    private static void special() throws IOException, InterruptedException {
        new Root(folder.resolve("outside")).put("secret.txt", "secret");
        link("link.txt", "a.txt");
        link("linkdir", "docs");
        link("out.txt", folder.resolve("outside/secret.txt").toString());
        link("outdir", "../outside");
        link("hop.txt", "outdir/../outside/secret.txt");
        link("loop", "loop");
        link("dangling", "nowhere");
        link("zero", "/dev/zero");
        Process mkfifo = new ProcessBuilder("mkfifo", root.path.resolve("fifo").toString()).start();
        assertThat(mkfifo.waitFor()).isZero();
    }

    private static void link(String name, String target) throws IOException {
        Files.createSymbolicLink(root.path.resolve(name), Path.of(target));
    }

    @TestFactory
    List<DynamicTest> everyCaseInEveryState() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            for (Case one : cases()) {
                tests.add(DynamicTest.dynamicTest(mode + " " + one.name(), () -> check(one, run(one, mode))));
            }
        }
        return tests;
    }

    @Test
    void thereAreAsManyCasesAsWerePromised() throws IOException {
        assertThat(cases().stream().map(Case::name).distinct())
                .hasSizeGreaterThanOrEqualTo(120)
                .hasSameSizeAs(cases());
    }

    private static List<Case> cases() throws IOException {
        try (InputStream in = CasesTest.class.getResourceAsStream("cases.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Case::of)
                    .toList();
        }
    }

    private static RawResponse run(Case one, Mode mode) throws IOException {
        if (mode == Mode.NOT_CACHED) {
            return send(notCached, one);
        }
        cached.time.advance(LATER);
        if (mode == Mode.CACHED) {
            RawResponse unused = send(cached, one);
            long misses = cached.cache.counts().misses();
            RawResponse second = send(cached, one);
            assertThat(cached.cache.counts().misses()).as("looked up again").isEqualTo(misses);
            return second;
        }
        String name = touched(one);
        if (name == null) {
            return send(cached, one);
        }
        byte[] content = root.read(name);
        try {
            root.put(name, "something else entirely, and of another length than before");
            cached.time.advance(LATER);
            RawResponse unused = send(cached, one);
        } finally {
            root.put(name, content);
        }
        cached.time.advance(LATER);
        return send(cached, one);
    }

    /** The plain file a request is about, where there is one. */
    private static String touched(Case one) throws IOException {
        String path = one.path().substring(1);
        boolean ours =
                one.fields().stream().noneMatch(field -> field.startsWith("Host: ") && !field.contains("site.test"));
        Path file = root.path.resolve(path.isEmpty() || path.endsWith("/") ? path + "index.html" : path);
        return ours && !path.contains("..") && Files.isRegularFile(file) && !Files.isSymbolicLink(file)
                ? root.path.relativize(file).toString()
                : null;
    }

    private static RawResponse send(Stage stage, Case one) throws IOException {
        String request =
                one.request().replace("/long255", "/" + "x".repeat(256)).replace("/long300", "/" + "y/".repeat(1200));
        List<String> fields = new ArrayList<>();
        for (String field : one.fields()) {
            fields.add(filled(field));
        }
        if (fields.stream().anyMatch(field -> field.equals("Content-Length: 3"))) {
            fields.add("Expect: 100-continue");
        }
        return stage.ask(request, fields.toArray(new String[0]));
    }

    private static String filled(String text) throws IOException {
        String out = text.replace("{date}", Root.LAST_MODIFIED);
        int open = out.indexOf('{');
        if (open < 0) {
            return out;
        }
        int close = out.indexOf('}', open);
        String[] name = out.substring(open + 1, close).split(":");
        return out.substring(0, open) + tag(name) + filled(out.substring(close + 1));
    }

    private static String tag(String[] name) throws IOException {
        if (name.length == 1) {
            return root.tag(name[0], "");
        }
        String neighbour = name[0] + (name[1].equals("br") ? ".br" : name[1].equals("zstd") ? ".zst" : ".gz");
        return root.tag(Files.exists(root.path.resolve(neighbour)) ? neighbour : name[0], "-" + name[1]);
    }

    private static void check(Case one, RawResponse response) throws IOException {
        boolean app = one.status().equals("app");
        assertThat(response.status()).as(response.toString()).isEqualTo(app ? 200 : Integer.parseInt(one.status()));
        assertThat(response.header("X-App")).isEqualTo(app ? "yes" : null);
        assertThat(response.complete()).isTrue();
        for (String field : one.expected()) {
            int colon = field.indexOf(": ");
            String name = colon < 0 ? field : field.substring(0, colon);
            if (colon < 0) {
                assertThat(response.headers(name.substring(1))).as(field).isEmpty();
            } else if (name.startsWith("!")) {
                assertThat(response.header(name.substring(1))).isNotEqualTo(filled(field.substring(colon + 2)));
            } else {
                assertThat(response.headers(name)).as(field).containsExactly(filled(field.substring(colon + 2)));
            }
        }
        body(one, response);
        if (response.status() >= 400) {
            assertThat(response.text()).doesNotContain("secret", folder.toString(), "java");
        }
    }

    private static void body(Case one, RawResponse response) throws IOException {
        String body = one.body();
        if (body.equals("-")) {
            assertThat(response.body()).isEmpty();
        } else if (body.startsWith("@")) {
            assertThat(response.body()).isEqualTo(root.read(body.substring(1)));
        } else if (body.startsWith("gunzip@")) {
            byte[] plain = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
            assertThat(plain).isEqualTo(root.read(body.substring(7)));
            assertThat(response.body().length).isLessThan(plain.length);
        } else if (body.startsWith("multipart ")) {
            multipart(root.read(one.path().substring(1)), body.substring(10).split(","), response);
        } else if (!body.equals("*")) {
            assertThat(response.text()).isEqualTo(body);
        } else if (response.status() == 206) {
            assertThat(response.latin1()).isEqualTo(slice(root.read(one.path().substring(1)), response));
        }
    }

    private static String slice(byte[] content, RawResponse response) {
        String range = response.header("Content-Range");
        String[] ends = range.substring(6, range.indexOf('/')).split("-");
        return latin1(content, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
    }

    private static String latin1(byte[] content, int first, int last) {
        return new String(content, first, last + 1 - first, StandardCharsets.ISO_8859_1);
    }

    /** Built a second time, byte by byte, with the boundary of the answer. */
    private static void multipart(byte[] content, String[] ranges, RawResponse response) {
        String type = response.header("Content-Type");
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        String boundary = type.substring(type.indexOf('=') + 1);
        StringBuilder wanted = new StringBuilder();
        for (String range : ranges) {
            String[] ends = range.split("-");
            wanted.append(wanted.length() == 0 ? "" : "\r\n").append("--").append(boundary);
            wanted.append("\r\nContent-Type: ")
                    .append(content.length == 100 ? "text/plain; charset=utf-8" : "application/octet-stream");
            wanted.append("\r\nContent-Range: bytes ").append(range).append('/').append(content.length);
            wanted.append("\r\n\r\n").append(latin1(content, Integer.parseInt(ends[0]), Integer.parseInt(ends[1])));
        }
        wanted.append("\r\n--").append(boundary).append("--\r\n");
        assertThat(response.latin1()).isEqualTo(wanted.toString());
        assertThat(response.header("Content-Length")).isEqualTo(Integer.toString(wanted.length()));
    }
}
