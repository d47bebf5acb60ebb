package com.foobar.http.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, addresses, identifiers and pages: decisions without a socket. */
class PureTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "refused",
            value = {
                "/,/",
                "/a,/a",
                "/a/,/a/",
                "/a/b.c,/a/b.c",
                "/.a,/.a",
                "/a.,/a.",
                "/...,/...",
                "/a/...,/a/...",
                "/.,/",
                "/./,/",
                "/a/.,/a/",
                "/a/./b,/a/b",
                "/a/..,/",
                "/a/../,/",
                "/a/b/..,/a/",
                "/a/b/../c,/a/c",
                "/a/../b,/b",
                "//,/",
                "//a,/a",
                "/a//,/a/",
                "/a//b,/a/b",
                "/a//../b,/b",
                "/a/b/../../c,/c",
                "/a/b/../..,/",
                "/..,refused",
                "/../,refused",
                "/a/../..,refused",
                "/a/../../b,refused",
                "/%2e%2e,refused",
                "/%2E./x,refused",
                "/a/%2e%2e/b,/b",
                "/a/%2e/b,/a/b",
                "/%41%7a,/Az",
                "/%7Euser,/~user",
                "/a%20b,/a%20b",
                "/%c3%a4,/%C3%A4",
                "/%25,/%25",
                "/%252e%252e,/%252e%252e",
                "/a;b,/a;b",
                "/a;b=c/d,/a;b=c/d",
                "/..;/a,refused",
                "/.;/a,refused",
                "/a/..;x=1,refused",
                "/%2e%2e;/a,refused",
                "/..%3b/a,refused",
                "/a%3bb,/a%3Bb",
                "/a..;b,/a..;b",
                "/..a;b,/..a;b",
                "/%2f,refused",
                "/%5c,refused",
                "/%5C,refused",
                "/a\\b,refused",
                "/%00,refused",
                "/%1f,refused",
                "/%7f,refused",
                "/%,refused",
                "/%2,refused",
                "/%g0,refused",
                "/a b,refused",
                "/ä,refused",
                "/a?b,refused",
                "a,refused",
                "'',refused",
                "*,refused",
                "/a#b,refused",
                "/<>,refused"
            })
    void pathsAreNormalisedOrRefused(String path, @Nullable String expected) {
        assertThat(RequestPath.normalise(path)).isEqualTo(expected);
        if (expected != null) {
            assertThat(RequestPath.normalise(expected)).as("twice is once").isEqualTo(expected);
        }
    }

    @Test
    void aPlainPathIsNotCopied() {
        String path = "/a/b.c/d-e_f~g";
        assertThat(RequestPath.normalise(path)).isSameAs(path);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "refused",
            value = {"/a,/a", "/a%20b,/a b", "/%C3%A4,/ä", "/%C0%AF,refused", "/%FF,refused"})
    void pathsAreDecodedForFiles(String path, @Nullable String expected) {
        assertThat(RequestPath.decode(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4,/1.2.3.4",
        "::,/0:0:0:0:0:0:0:0",
        "::1,/0:0:0:0:0:0:0:1",
        "1::,/1:0:0:0:0:0:0:0",
        "1:2:3:4:5:6:7:8,/1:2:3:4:5:6:7:8",
        "1::8,/1:0:0:0:0:0:0:8",
        "::1.2.3.4,/0:0:0:0:0:0:102:304",
        "::ffff:1.2.3.4,/1.2.3.4",
        "1,null",
        "1.2.3,null",
        "1.2.3.4.5,null",
        "256.1.1.1,null",
        "01.2.3.4,null",
        "1.2.3.4 ,/1.2.3.4",
        "1.2.3.,null",
        "'',null",
        ":::,null",
        "1:::2,null",
        "1::2::3,null",
        "1:2:3:4:5:6:7:8:9,null",
        "1:2:3:4:5:6:7,null",
        "12345::,null",
        "g::,null",
        "1:,null",
        ":1,null",
        "1.2.3.4::,null",
        "::1.2.3,null",
        "1:2:3:4:5:6:7::8,null",
        "a.b.c.d,null",
        "fe80::1%eth0,null"
    })
    void addressesAreReadWithoutDns(String text, String expected) {
        assertThat(String.valueOf(IpText.any(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,true",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00,true",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what,true",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what,false",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01what,false",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,false",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01,false",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01,false",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01,false",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0,false",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,false",
        "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,false",
        "'',false"
    })
    void tracesAreKeptFromTrustedPeersOnly(String received, boolean valid) {
        assertThat(TraceParent.valid(received)).isEqualTo(valid);
        String trusted = TraceParent.next(true, received);
        String stranger = TraceParent.next(false, received);
        assertThat(TraceParent.valid(trusted)).isTrue();
        assertThat(TraceParent.valid(stranger)).isTrue();
        if (valid) {
            assertThat(TraceParent.trace(trusted)).isEqualTo(received.substring(3, 35));
            assertThat(trusted.substring(53)).isEqualTo(received.substring(53, 55));
            assertThat(trusted.substring(36, 52)).isNotEqualTo(received.substring(36, 52));
            assertThat(TraceParent.trace(stranger)).isNotEqualTo(received.substring(3, 35));
        }
    }

    @Test
    void requestIdsAreWellFormedAndNeverTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            String id = RequestIds.next();
            assertThat(seen.add(id)).isTrue();
        }
        assertThat(seen).allMatch(id -> id.length() == 26 && RequestIds.wellFormed(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "<x>", "ä", "a/b", "{}"})
    void oddRequestIdsAreReplaced(String id) {
        assertThat(RequestIds.of(true, id)).isNotEqualTo(id).hasSize(26);
        assertThat(RequestIds.of(true, "a".repeat(65))).hasSize(26);
        assertThat(RequestIds.of(false, "good-1")).hasSize(26);
        assertThat(RequestIds.of(true, "good-1")).isEqualTo("good-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|true",
                "application/json, */*|true",
                "application/problem+json|true",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8|false",
                "*/*|false",
                "''|false",
                "application/json;q=0.5, text/html|false",
                "text/html;q=0.5, application/json|true",
                "application/json;q=0|false",
                "application/json;q=x|false",
                "json|false",
                ",,;|false",
                "image/*|false",
                "text/html, application/json|false"
            })
    void pagesAreJsonForThoseWhoPreferIt(String accept, boolean json) {
        assertThat(ErrorPages.prefersJson(accept)).isEqualTo(json);
    }

    @Test
    void pagesEscapeWhatTheyQuote() {
        StringBuilder html = new StringBuilder();
        ErrorPages.escape(html, "<script>\"a\" & 'b'");
        assertThat(html).hasToString("&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;");
        StringBuilder json = new StringBuilder();
        ErrorPages.quote(json, "a\"b\\c\nd");
        assertThat(json).hasToString("\"a\\\"b\\\\c\\u000ad\"");
    }

    @Test
    void limitsMustMakeSense() {
        assertThatThrownBy(() -> Limits.DEFAULT.withHead(100, 10, 200)).hasMessageContaining("targetBytes");
        assertThatThrownBy(() -> Limits.DEFAULT.withConnections(0, 1)).hasMessageContaining("connections");
    }
}
