package com.foobar.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTest {

    @Test
    void anEntryIsItsStrippedText() throws Exception {
        assertThat(Entry.text(bytes("{\"text\":\"  hello \\u00e9\\n<b> \",\"more\":1}")))
                .isEqualTo("hello é\n<b>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"text\":1}",
                "{\"text\":\"  \"}",
                "{\"text\":\"a\"",
                "null",
                "{\"text\":\"a\\u0000b\"}"
            })
    void whatIsNoEntryIsRefusedWithWords(String body) {
        assertThatThrownBy(() -> Entry.text(bytes(body)))
                .isInstanceOf(Complaint.class)
                .extracting(e -> ((Complaint) e).status())
                .isEqualTo(400);
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> Entry.text(new byte[] {'{', (byte) 0xff, '}'})).hasMessageContaining("UTF-8");
    }

    /** Counted in characters as people count, as the database does: an emoji is one. */
    @Test
    void theLengthIsCountedInCharacters() throws Exception {
        String fits = "😀".repeat(Entry.LONGEST_TEXT);
        assertThat(Entry.text(bytes("{\"text\":\"" + fits + "\"}"))).isEqualTo(fits);
        assertThatThrownBy(() -> Entry.text(bytes("{\"text\":\"" + fits + "a\"}")))
                .hasMessageContaining("2001");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, www.foobar.com, true",
                "same-origin, https://www.foobar.com, www.foobar.com, true",
                "none, -, www.foobar.com, true",
                "cross-site, https://evil.example, www.foobar.com, false",
                "same-site, https://other.foobar.com, www.foobar.com, false",
                "-, https://www.foobar.com, www.foobar.com, true",
                "-, http://localhost:8080, localhost:8080, true",
                "-, http://localhost:9999, localhost:8080, false",
                "-, null, www.foobar.com, false",
                "-, not a uri, www.foobar.com, false",
            })
    void onlyPagesOfThisSiteWrite(
            @Nullable String fetchSite, @Nullable String origin, @Nullable String host, boolean allowed) {
        if (allowed) {
            org.assertj.core.api.Assertions.assertThatCode(() -> Entry.requireSameSite(fetchSite, origin, host))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> Entry.requireSameSite(fetchSite, origin, host))
                    .isInstanceOf(Complaint.class)
                    .extracting(e -> ((Complaint) e).status())
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "application/json, true",
                "Application/JSON; charset=utf-8, true",
                "text/plain, false",
                "application/x-www-form-urlencoded, false",
                "-, false"
            })
    void onlyJsonIsTaken(@Nullable String type, boolean taken) {
        boolean refused = false;
        try {
            Entry.requireJson(type);
        } catch (Complaint e) {
            refused = true;
        }
        assertThat(refused).isEqualTo(!taken);
    }

    @Test
    void theSameKeyIsTheSameEntryAndOthersAreNot() throws Exception {
        assertThat(Entry.key("abc").orElseThrow()).isEqualTo(Entry.key("abc").orElseThrow());
        assertThat(Entry.key("abc").orElseThrow()).isNotEqualTo(Entry.key("ABC").orElseThrow());
        assertThat(Entry.key(null)).isEmpty();
        assertThatThrownBy(() -> Entry.key(" ")).isInstanceOf(Complaint.class);
        assertThatThrownBy(() -> Entry.key("x".repeat(256))).isInstanceOf(Complaint.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
