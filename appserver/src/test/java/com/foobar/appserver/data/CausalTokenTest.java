package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.value.Secret;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CausalTokenTest {

    private final TokenCookie cookie = new TokenCookie(Secret.parse("key"), "foobar", Duration.ofMinutes(5));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "0-1-5 | 0-1-5 | true",
                "0-1-5 | 0-2-5 | true",
                "0-1-5 | 0-1-6 | false",
                "0-2-7 | 0-1-6 | true",
                "0-1-5,1-1-3 | 1-1-3 | true",
                "0-1-5 | 0-1-5,1-1-1 | false",
                "'' | 0-1-1 | false",
                "0-1-1 | '' | true"
            })
    void covers(String one, String other, boolean covers) {
        assertThat(CausalToken.parse(one).covers(CausalToken.parse(other))).isEqualTo(covers);
    }

    @Test
    void bothIsTheFurthestInEveryDomain() {
        assertThat(CausalToken.parse("0-1-5,1-1-9").and(CausalToken.parse("0-2-7,1-1-2,2-3-1")))
                .hasToString("0-2-7,1-1-9,2-3-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0-1", "0-1-5;DROP", "0-1-5,", "0-1-99999999999999999999", "-1-1-1", "0-1-1'"})
    void refusesWhatIsNoPosition(String text) {
        assertThatThrownBy(() -> CausalToken.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCookieIsReadBackByWhoeverHasTheKey() {
        CausalToken token = CausalToken.parse("0-1-5,1-2-6");
        String value = cookie.value(token);
        assertThat(value).matches("[A-Za-z0-9._-]+");
        assertThat(cookie.read(value)).contains(token);
        assertThat(cookie.field(token, true))
                .contains("HttpOnly")
                .contains("SameSite=Lax")
                .endsWith("; Secure");
        assertThat(cookie.field(token, false)).doesNotContain("Secure");
    }

    @Test
    void aStrangersCookieIsNone() {
        String value = cookie.value(CausalToken.parse("0-1-5"));
        assertThat(cookie.read(value.replace("0-1-5", "0-1-9"))).isEmpty();
        assertThat(cookie.read(null)).isEmpty();
        assertThat(cookie.read("")).isEmpty();
        assertThat(cookie.read("0-1-5.")).isEmpty();
        assertThat(cookie.read("x".repeat(10_000))).isEmpty();
        assertThat(new TokenCookie(Secret.parse("another"), "foobar", Duration.ofMinutes(5)).read(value))
                .isEmpty();
        assertThat(new TokenCookie(Secret.parse("key"), "another", Duration.ofMinutes(5)).read(value))
                .isEmpty();
    }
}
