package com.foobar.webserver.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions by tables; what can also be seen on the wire is in the cases of the room next door. */
class PureTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "refused",
            value = {
                "/, ''",
                "/a, a",
                "/a/b.html, a/b.html",
                "/a/, a/",
                "/%C3%BC.txt, ü.txt",
                "/a%20b, a b",
                "/a..b, a..b",
                "/a., a.",
                "/~user/x, ~user/x",
                "/#, refused",
                "/.well-known, .well-known",
                "/.well-known/, .well-known/",
                "/.well-known/acme-challenge/x, .well-known/acme-challenge/x",
                "/.well-knowN/x, refused",
                "/.a, refused",
                "/a/.b/c, refused",
                "/..., refused",
                "/a~, refused",
                "/a~/b, refused",
                "/a.bak/b, refused",
                "/x.SWP, refused",
                "/%23x%23, refused",
                "/%23x, #x",
                "'', refused",
                "a, refused",
                "*, refused",
                "//a, refused",
                "/a//b, refused",
                "/./a, refused",
                "/a/../b, refused",
                "/../a, refused",
                "/%2e%2e/a, refused",
                "/%2E%2E/a, refused",
                "/a%2fb, refused",
                "/a%5cb, refused",
                "/a%00, refused",
                "/a%0a, refused",
                "/a%7f, refused",
                "/a%C2%85, refused",
                "/%ff, refused",
                "/%c0%ae, refused",
                "/%ED%A0%80, refused",
                "/%, refused",
                "/%4, refused",
                "/%zz, refused",
                "/a?b, refused",
                "/é, refused",
                "http://x/a, refused",
            })
    void namesThatMayBeLookedUp(String path, String name) {
        assertThat(FileName.of(path)).isEqualTo(name);
    }

    @Test
    void namesThatNoFileSystemHasAreRefused() {
        assertThat(FileName.of("/" + "x".repeat(255))).hasSize(255);
        assertThat(FileName.of("/" + "x".repeat(256))).isNull();
        assertThat(FileName.of("/" + "%C3%BC".repeat(127))).hasSize(127);
        assertThat(FileName.of("/" + "%C3%BC".repeat(128))).isNull();
        assertThat(FileName.of("/d".repeat(1100))).isNull();
    }

    /** Whatever comes in, what goes to the file system stays below the root and shows nothing hidden. */
    @Test
    void rubbishNeverBecomesAWayOut() {
        String[] pieces = {
            "/", "..", ".", "%2e", "%2E", "%2f", "%5c", "\\", "%00", "a", "~", "%", "%25", "%c0%af", ";", "//", "#",
            "%23", "é", "\n"
        };
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200_000; round++) {
            StringBuilder path = new StringBuilder("/");
            for (int i = random.nextInt(8); i >= 0; i--) {
                path.append(pieces[random.nextInt(pieces.length)]);
            }
            String name = FileName.of(path.toString());
            if (name != null) {
                assertThat(name)
                        .as("seed %d, %s", seed, path)
                        .doesNotStartWith("/")
                        .doesNotContain("\\", "\0", "\n", "//");
                for (String segment : name.split("/")) {
                    assertThat(segment)
                            .as("seed %d, %s", seed, path)
                            .doesNotStartWith(".")
                            .doesNotEndWith("~");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, none",
                "'', none",
                "gzip, GZIP",
                "'gzip, br', BROTLI",
                "'br;q=0.1, gzip;q=0.2', GZIP",
                "'br;q=0.100, gzip;q=0.101', GZIP",
                "'*', BROTLI",
                "'*;q=0.5, zstd', ZSTD",
                "'br;q=0', none",
                "'*;q=0, gzip', GZIP",
                "'identity', none",
                "'identity;q=1, gzip;q=0.9', none",
                "'identity;q=0', none",
                "'identity;q=0, gzip;q=0.001', GZIP",
                "'gzip;q=1.001', none",
                "'gzip;q=1.000', GZIP",
                "'gzip;q=.5', none",
                "'gzip;q=', none",
                "'gzip;q', none",
                "'gzip;x=1', none",
                "' gzip ; q=0.5 ', GZIP",
                "'gzip\t;\tQ=1', GZIP",
                "'gzipped', none",
                "'x-gzip', GZIP",
                "',,gzip,,', GZIP",
                "'deflate, compress', none",
            })
    void codings(String accept, Coding picked) {
        assertThat(Negotiation.pick(accept, EnumSet.allOf(Coding.class))).isEqualTo(picked);
        assertThat(Negotiation.pick(accept, Set.of())).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'Sun, 06 Nov 1994 08:49:37 GMT', 784111777",
        "'Sunday, 06-Nov-94 08:49:37 GMT', 784111777",
        "'Sun Nov  6 08:49:37 1994', 784111777",
        "'Sun Nov 6 08:49:37 1994', 784111777",
        "'Wed Nov 16 08:49:37 1994', 784975777",
        "'Thu, 01 Jan 1970 00:00:00 GMT', 0",
        "'Tue, 29 Feb 2028 23:59:59 GMT', 1835481599",
        "'Fri, 31 Dec 9999 23:59:59 GMT', 253402300799",
    })
    void dates(String text, long seconds) {
        assertThat(HttpDate.parse(text)).isEqualTo(seconds);
        assertThat(HttpDate.parse(HttpDate.format(seconds))).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rubbish",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 06 Nov 1994 24:49:37 GMT",
                "Sun, 06 Nov 1994 08:60:37 GMT",
                "Sun, 31 Nov 1994 08:49:37 GMT",
                "Sun, 06 Foo 1994 08:49:37 GMT",
                "Sun, 06 anF 1994 08:49:37 GMT",
                "Sun, +6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08-49-37 GMT",
                "Sunday, 06-Nov-xx 08:49:37 GMT",
                "Sun Nov  6 08:49:37 94",
                "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
                "784111777",
            })
    void whatIsNoDate(String text) {
        assertThat(HttpDate.parse(text)).isEqualTo(HttpDate.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "index.html, false",
        "app.3f2a9c1b.js, true",
        "app.3f2a9c1b.js.map, true",
        "index-BkX9d3Fa.css, true",
        "chunk-3F2A9C1B.js, true",
        "logo.3f2a9c1b4d5e6f708192a3b4c5d6e7f8.png, true",
        "main.3f2a9c1b.html, false",
        "report-20240101.pdf, false",
        "DSC-P1010023.jpg, false",
        "README-Overview.md, false",
        "jquery-3.7.1.min.js, false",
        "photo.deadbeef.jpg, false",
        "3f2a9c1b.js, false",
        "app.3f2a9.js, false",
        "a_3f2a9c1b.js, false",
        "bootstrap.bundle.js, false",
    })
    void namesThatCarryAHash(String name, boolean hashed) {
        String value = new CachePolicy(Map.of())
                .of("dir/" + name, MediaTypes.with(Map.of()).of(name));
        assertThat(value).isEqualTo(hashed ? CachePolicy.FOREVER : CachePolicy.ASK);
    }

    @Test
    void theOperatorsRulesComeFirstAndInTheirOrder() {
        Map<String, String> rules = new LinkedHashMap<>();
        rules.put("/assets/*.js", "one");
        rules.put("/assets/**", "two");
        rules.put("*.pdf", "three");
        CachePolicy policy = new CachePolicy(rules);
        assertThat(policy.of("assets/a.js", "")).isEqualTo("one");
        assertThat(policy.of("assets/deep/a.js", "")).isEqualTo("two");
        assertThat(policy.of("assets/x.pdf", "")).isEqualTo("two");
        assertThat(policy.of("deep/down/x.pdf", "")).isEqualTo("three");
        assertThat(policy.of("other/a.js", "")).isEqualTo(CachePolicy.ASK);
    }

    @ParameterizedTest
    @CsvSource({
        "/a, a, true",
        "/a, b/a, false",
        "a, b/a, true",
        "*, a, true",
        "*.js, .js, true",
        "*.js, a.jsx, false",
        "/**, a/b/c, true",
        "/*, a/b, false",
        "/**/x, a/b/x, true",
        "/a*c, abbc, true",
        "/a*c, ab/c, false",
        "/a**c, ab/c, true",
    })
    void patterns(String pattern, String name, boolean covers) {
        assertThat(PathPattern.legal(pattern)).isTrue();
        assertThat(new PathPattern(pattern).covers(name)).isEqualTo(covers);
    }

    @Test
    void patternsThatSayNothingOrTakeForeverAreRefused() {
        for (String pattern : List.of("", "a/b", "/a b", "/*a*b*c*d*e", "/a\n")) {
            assertThat(PathPattern.legal(pattern)).as(pattern).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.html, text/html; charset=utf-8, true",
        "A.HTML, text/html; charset=utf-8, true",
        "a.b.css, text/css; charset=utf-8, true",
        "a.svg, image/svg+xml, true",
        "a.json, application/json, true",
        "a.png, image/png, false",
        "a.woff2, font/woff2, false",
        "a.wasm, application/wasm, true",
        "a, application/octet-stream, false",
        "dir.html/a, application/octet-stream, false",
        ".html, application/octet-stream, false",
        "a.unknown, application/octet-stream, false",
    })
    void mediaTypes(String name, String type, boolean compressible) {
        assertThat(MediaTypes.with(Map.of()).of(name)).isEqualTo(type);
        assertThat(MediaTypes.compressible(type)).isEqualTo(compressible);
    }

    @Test
    void mediaTypesCanBeOverridden() {
        MediaTypes types = MediaTypes.with(Map.of("HTML", "text/plain; charset=latin1", ".foo", "text/foo"));
        assertThat(types.of("a.html")).isEqualTo("text/plain; charset=latin1");
        assertThat(types.of("a.foo")).isEqualTo("text/foo; charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "www.example.com, www.example.com",
                "WWW.Example.COM:8080, www.example.com",
                "example.com., example.com",
                "127.0.0.1:80, 127.0.0.1",
                "[::1]:8080, [::1]",
                "[::1], [::1]",
                "'', none",
                "a..b, none",
                ".a, none",
                "a:b, none",
                "[::1, none",
                "[::1]x, none",
                "[], none",
                "a b, none",
                "user@host, none",
            })
    void hosts(String field, String host) {
        assertThat(SiteHost.of(field)).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "*, *",
                "*.A.com, *.a.com",
                "a.com, a.com",
                "a.com:80, none",
                "*.[::1], none",
                "[::1], [::1]",
                "[::1]:1, none"
            })
    void hostPatterns(String text, String pattern) {
        assertThat(SiteHost.pattern(text)).isEqualTo(pattern);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "users/42, text/html, none, true",
                "users/42, 'application/xml;q=0.9, TEXT/HTML', navigate, true",
                "users/42, text/html, no-cors, false",
                "users/42, none, navigate, false",
                "users/42, text/*, none, false",
                "users/42, text/html;q=0.000, none, false",
                "users/42, text/html;q=0.001, none, true",
                "a.js, text/html, navigate, false",
                "v1.2/users, text/html, navigate, true",
                "'', text/html, none, true",
            })
    void navigations(String name, String accept, String mode, boolean is) {
        assertThat(Navigation.is(name, accept, mode)).isEqualTo(is);
    }

    /** The oracle takes each range by itself and knows no limits; where both answer with parts they must be the same bytes. */
    @Test
    void rangesAlwaysLieInsideTheFile() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        String[] pieces = {"0", "1", "9", "10", "99", "-", "-", "-", ",", ",", " ", "x", "99999999999999999999"};
        for (int round = 0; round < 200_000; round++) {
            StringBuilder field = new StringBuilder("bytes=");
            for (int i = random.nextInt(9); i >= 0; i--) {
                field.append(pieces[random.nextInt(pieces.length)]);
            }
            int size = random.nextInt(120);
            List<ByteRange> ranges = ByteRanges.read(field.toString(), size, 4);
            if (ranges != null) {
                long sum = 0;
                for (ByteRange range : ranges) {
                    assertThat(range.first()).as("seed %d, %s", seed, field).isBetween(0L, range.last());
                    assertThat(range.last()).as("seed %d, %s", seed, field).isLessThan(size);
                    sum += range.length();
                }
                assertThat(sum).as("seed %d, %s", seed, field).isLessThanOrEqualTo(size);
                assertThat(ranges.size()).isLessThanOrEqualTo(4);
            }
        }
    }

    @Test
    void aDateVouchesForBytesOnlyWhenItIsOldEnough() {
        Ask ask = new Ask(true, null, null, null, null, "bytes=0-0", HttpDate.format(1000));
        Facts facts = new Facts("\"x\"", 1000, 10);
        assertThat(Conditions.judge(ask, facts, 1000, 4)).isEqualTo(Answer.WHOLE);
        assertThat(Conditions.judge(ask, facts, 1001, 4)).isInstanceOf(Answer.Parts.class);
    }

    @Test
    void withoutADateOfTheFileNoDateIsACondition() {
        Facts facts = new Facts("\"x\"", HttpDate.NONE, 10);
        String date = HttpDate.format(1000);
        assertThat(Conditions.judge(new Ask(true, null, date, null, null, null, null), facts, 2000, 4))
                .isEqualTo(Answer.WHOLE);
        assertThat(Conditions.judge(new Ask(true, null, null, null, date, null, null), facts, 2000, 4))
                .isEqualTo(Answer.WHOLE);
        assertThat(Conditions.judge(new Ask(true, null, null, null, null, "bytes=0-0", date), facts, 2000, 4))
                .isEqualTo(Answer.WHOLE);
    }
}
