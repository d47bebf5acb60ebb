package com.foobar.lb.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectTest {

    @ParameterizedTest
    @CsvSource({
        "https,/,www.foobar.com,/a,,https://www.foobar.com/a",
        "https,/,www.foobar.com:80,/a,x=1&y=/,https://www.foobar.com/a?x=1&y=/",
        "https,/,WWW.foobar.com.:8080,/,,https://www.foobar.com/",
        "https,/,[::1]:8080,/a,,https://[::1]/a",
        "https,/,www.foobar.com,//evil.com,,https://www.foobar.com//evil.com",
        "https,/,www.foobar.com,evil.com,,https://www.foobar.com/",
        "https,/,www.foobar.com,@evil.com,,https://www.foobar.com/",
        "https,/,www.foobar.com,'/a\r\nX: y',,https://www.foobar.com/a%0D%0AX:%20y",
        "https,/,www.foobar.com,/a,'b\r\nX: y',https://www.foobar.com/a?b%0D%0AX:%20y",
        "https,/,www.foobar.com,/ä,,https://www.foobar.com/%C3%A4",
        "https,/,'www.foobar.com\r\nX: y',/a,,NONE",
        "https,/,'evil.com/www.foobar.com',/a,,NONE",
        "/new,/old,h,/old,,/new",
        "/new,/old,h,/old/,,/new/",
        "/new,/old,h,/old/x/y,q,/new/x/y?q",
        "/new/,/old/,h,/old/x,,/new/x",
        "/new,/old,h,/old;s=1/x,,/new/x",
        "/new,/old,h,/old;s=1,,/new",
        "/new,/old,h,/old/a%2Bb,,/new/a%2Bb",
        "/,/old,h,/old,,/",
        "/,/old,h,/old//evil.com,,/evil.com",
        "/,/old,h,/old/\\evil.com,,/evil.com",
        "/,/old,h,/old/\\/\\evil.com,,/evil.com",
        "/,/old,h,/old/x\\y,,/x%5Cy",
        "/,/old,h,/old/;x//evil.com,,/;x//evil.com",
        "/,/old,h,'/old/\t/evil.com',,/%09/evil.com",
        "https://good.org,/,h,/,,https://good.org/",
        "https://good.org,/,h,/.evil.com,,https://good.org/.evil.com",
        "https://good.org,/,h,/@evil.com,,https://good.org/@evil.com",
        "https://good.org,/,h,//evil.com,,https://good.org/evil.com",
        "https://good.org,/old,h,/old,,https://good.org",
        "https://good.org/b,/old,h,/old/x,'a=<b>',https://good.org/b/x?a=%3Cb%3E",
        "http://good.org:81/b/,/old/,h,/old/x,,http://good.org:81/b/x"
    })
    void where_to(String target, String prefix, String host, String path, String query, String expected) {
        Redirect redirect = new Redirect(target, prefix, 308, 443);
        String location = redirect.location(false, host, path, query == null ? "" : query);
        assertThat(location == null ? "NONE" : location).isEqualTo(expected);
    }

    @Test
    void another_port_is_named_and_who_is_on_https_stays() {
        Redirect redirect = new Redirect("https", "/", 301, 8443);
        assertThat(redirect.location(false, "localhost:8080", "/a", "")).isEqualTo("https://localhost:8443/a");
        assertThat(redirect.location(true, "localhost:8443", "/a", "")).isNull();
        assertThat(redirect.status()).isEqualTo(301);
    }
}
