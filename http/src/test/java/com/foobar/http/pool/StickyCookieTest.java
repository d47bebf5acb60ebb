package com.foobar.http.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StickyCookieTest {
    private static final byte[] KEY =
            "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private final StickyCookie cookie = new StickyCookie("web", KEY);

    @Test
    void whatWasMadeIsBelieved() {
        for (String name : List.of("web1", "a.b.c", "10.0.0.1:80", "x".repeat(128))) {
            String value = cookie.value(name);
            assertThat(value).matches("[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]+");
            assertThat(cookie.backend(value)).isEqualTo(name);
        }
        assertThat(cookie.value("web1")).as("128 bits").hasSize("web1.".length() + 22);
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String value = cookie.value("web1");
        for (int i = 0; i < value.length() - 1; i++) {
            for (char other : new char[] {'x', '2', '.', '-', '\u00e9'}) {
                if (value.charAt(i) != other) {
                    String forged = value.substring(0, i) + other + value.substring(i + 1);
                    assertThat(cookie.backend(forged)).as(forged).isNull();
                }
            }
            assertThat(cookie.backend(value.substring(0, i))).isNull();
        }
        assertThat(cookie.backend(value + "A")).isNull();
    }

    @Test
    void rubbishOtherPoolsAndOtherKeysAreIgnored() {
        for (String rubbish :
                List.of("", ".", "web1", "web1.", ".AAAA", "web1.AAAA", "web1.*&^", "x".repeat(100_000))) {
            assertThat(cookie.backend(rubbish)).isNull();
        }
        assertThat(cookie.backend(new StickyCookie("api", KEY).value("web1"))).isNull();
        byte[] otherKey = KEY.clone();
        otherKey[0]++;
        assertThat(cookie.backend(new StickyCookie("web", otherKey).value("web1")))
                .isNull();
        assertThatThrownBy(() -> new StickyCookie("web", new byte[8])).hasMessageContaining("too short");
    }
}
