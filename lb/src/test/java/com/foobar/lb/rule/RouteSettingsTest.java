package com.foobar.lb.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.value.ByteSize;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteSettingsTest {

    @Test
    void a_route_that_says_nothing_has_no_rules() {
        assertThat(Routes.of("a: {path: /}").get("a")).isEqualTo(RouteSettings.NONE);
    }

    @Test
    void everything_at_once() {
        RouteSettings all = Routes.of(
                        "a: {hosts: [a.org, '*.b.org'], path: /x%20y, pool: p, redirect: /z, redirect-status: 301,",
                        " set-request-headers: {X-A: b c}, set-response-headers: {Strict-Transport-Security: max-age=1},",
                        " remove-request-headers: [X-B], remove-response-headers: [Server], rate: 600/m, burst: 7,",
                        " concurrent: 3, body: 0, allow: [10.0.0.0/8], deny: [10.1.0.0/16], maintenance: true}")
                .get("a");
        assertThat(all.rate()).contains(new Rate(600, Duration.ofMinutes(1)));
        assertThat(all.burst()).contains(7);
        assertThat(all.body()).isEqualTo(new ByteSize(0));
        assertThat(all.mostBody()).isEqualTo(Long.MAX_VALUE);
        assertThat(all.setRequestHeaders()).containsEntry("X-A", "b c");
        assertThat(all.maintenance()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hosts: ['a.org:80']",
                "hosts: ['a.org:8']",
                "hosts: ['*']",
                "hosts: ['a.*.org']",
                "hosts: ['*.[::1]']",
                "hosts: ['[::1]:80']",
                "hosts: ['[::g]']",
                "hosts: ['a b']",
                "hosts: ['http://a.org']",
                "path: api",
                "path: /a//b",
                "path: /a/../b",
                "path: /.",
                "path: '/a?b'",
                "path: '/a;b'",
                "path: /%61",
                "path: /%2f",
                "path: /%",
                "path: '/a b'",
                "redirect: http",
                "redirect: //evil.com",
                "redirect: '/\\evil.com'",
                "redirect: 'javascript:alert(1)'",
                "redirect: 'https://a@b.org/'",
                "redirect: 'https:///x'",
                "redirect: 'https://a.org/?q'",
                "redirect: \"https://a.org/\\r\\nX: y\"",
                "redirect-status: 303",
                "redirect-status: 200",
                "burst: 5",
                "'rate': 0/s",
                "'rate': 5",
                "'rate': 5/d",
                "'rate': -5/s",
                "'rate': 1000001/s",
                "{rate: 1/s, burst: 0}",
                "concurrent: -1",
                "set-request-headers: {'X Y': z}",
                "set-request-headers: {'': z}",
                "set-request-headers: {\"X\\r\\nY\": z}",
                "set-request-headers: {X: \"a\\r\\nb\"}",
                "set-request-headers: {X: ' a'}",
                "set-request-headers: {X: ä}",
                "set-request-headers: {Content-Length: 5}",
                "set-request-headers: {X-Forwarded-For: 1.2.3.4}",
                "set-request-headers: {X: a, x: b}",
                "set-response-headers: {Transfer-Encoding: chunked}",
                "{set-response-headers: {X: a}, remove-response-headers: [x]}",
                "remove-request-headers: ['a:b']",
                "remove-response-headers: [Connection]",
                "allow: [10.0.0.1/8]"
            })
    void one_complaint(String wrong) {
        String route = wrong.startsWith("{") ? wrong : "{" + wrong + "}";
        assertThat(Routes.problems("a: " + route)).singleElement().asString().startsWith("x.yaml:2: routes.a.");
    }

    @ParameterizedTest
    @CsvSource({"1/s,1000000000,1", "3/s,333333334,3", "600/m,100000000,10", "1/h,3600000000000,1", "7/m,8571428572,1"})
    void rates(String text, long interval, int burst) {
        Rate rate = Rate.parse(text);
        assertThat(rate).hasToString(text);
        assertThat(rate.interval()).hasNanos(interval);
        assertThat(RouteSettings.NONE.effectiveBurst(rate)).isEqualTo(burst);
    }
}
