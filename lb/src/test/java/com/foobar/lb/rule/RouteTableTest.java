package com.foobar.lb.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static final RouteTable TABLE = RouteTable.of(
            Routes.of(
                    "api: {path: /api}",
                    "apiv2: {path: /api/v2}",
                    "dir: {path: /dir/}",
                    "static: {hosts: [Static.Foobar.com.], path: /}",
                    "tenants: {hosts: ['*.foobar.com'], path: /}",
                    "admin: {hosts: ['*.foobar.com'], path: /admin/deep}",
                    "deep: {hosts: ['*.eu.foobar.com']}",
                    "far: {hosts: [other.org], path: /only}"),
            Routes.SITE);

    @ParameterizedTest
    @CsvSource({
        "www.foobar.com,/api,api",
        "www.foobar.com,/api/,api",
        "www.foobar.com,/api/x,api",
        "www.foobar.com,/api/v2,apiv2",
        "www.foobar.com,/api/v2/x,apiv2",
        "www.foobar.com,/api/v22,api",
        "www.foobar.com,/api;v=1,api",
        "www.foobar.com,/api;v=1/v2;w/x,apiv2",
        "www.foobar.com,/api;v=1/v3,api",
        "www.foobar.com,/apix,tenants",
        "www.foobar.com,/API,tenants",
        "www.foobar.com,/,tenants",
        "www.foobar.com,/admin/deep;x/y,admin",
        "www.foobar.com,/admin;x/deep,admin",
        "www.foobar.com,/dir/,dir",
        "www.foobar.com,/dir/x,dir",
        "www.foobar.com,/dir,tenants",
        "www.foobar.com:8080,/api,api",
        "WWW.FooBar.COM,/api,api",
        "www.foobar.com.,/api,api",
        "www.foobar.com.:443,/api,api",
        "localhost,/api,api",
        "localhost,/,(default)",
        "localhost:8080,/apix,(default)",
        "localhost,*,(default)",
        "[::1],/api/x,api",
        "[::1]:8080,/,(default)",
        "static.foobar.com,/admin/deep,static",
        "STATIC.foobar.com:1,/,static",
        "a.foobar.com,/,tenants",
        "a.foobar.com,/admin/deep,admin",
        "a.b.foobar.com,/,tenants",
        "a.eu.foobar.com,/,deep",
        "eu.foobar.com,/,tenants",
        "other.org,/only/x,far",
        "other.org,/,(default)",
        "foobar.com,/,421",
        "evilfoobar.com,/,421",
        "nobody.org,/,421",
        "www.foobar.com.evil.org,/,421",
        "www.foobar.com..,/,421",
        "::1,/,421",
        "[::1]x,/,421",
        "[::1,/,421",
        "[],/,421",
        "'',/,421",
        ":80,/,421",
        ".foobar.com,/,421",
        "www.foobar.com:x,/,421",
        "'a b.foobar.com',/,421",
        "'a\r\nb.foobar.com',/,421",
        "a@b.foobar.com,/,421",
        "a/b.foobar.com,/,421"
    })
    void which_route_takes_it(String host, String path, String expected) {
        Route route = TABLE.match(host, path);
        assertThat(route == null ? "421" : route.name()).isEqualTo(expected);
    }

    @Test
    void the_default_route_has_no_rules() {
        Route route = TABLE.match("localhost", "/");
        assertThat(route.settings()).isEqualTo(Routes.of("x: {path: /}").get("x"));
        assertThat(route.rate()).isNull();
        assertThat(route.redirect()).isNull();
    }

    @Test
    void complaints_name_the_key_and_the_cure() {
        RouteTable table = RouteTable.of(
                Routes.of(
                        "a: {path: /a, pool: wbe}",
                        "b: {path: /b}",
                        "c: {hosts: [WWW.foobar.com], path: /b}",
                        "d: {path: /d, redirect: /d/e}",
                        "e: {path: /e, redirect: https}",
                        "f: {path: /f, redirect: 'https://www.foobar.com/f'}",
                        "g: {path: /g, redirect: /h, pool: none}"),
                new Site(Routes.SITE.hosts(), 0));
        assertThat(table.complaints(Set.of("web", "api")))
                .containsExactly(
                        "lb.routes.a.pool: given wbe, expected one of api, web",
                        "lb.routes.c: never used, lb.routes.b takes www.foobar.com/b",
                        "lb.routes.d.redirect: leads back to this route without end",
                        "lb.routes.e.redirect: to https, but lb.https is 0",
                        "lb.routes.f.redirect: leads back to this route without end");
        assertThat(TABLE.complaints(Set.of("web"))).isEmpty();
    }

    @Test
    void a_reload_keeps_the_counters_of_limits_that_did_not_change() {
        RouteTable first = RouteTable.of(
                Routes.of("a: {path: /a, rate: 1/s, concurrent: 2}", "b: {path: /b, rate: 1/s}"), Routes.SITE);
        RouteTable second = first.with(
                Routes.of("a: {path: /a, rate: 1/s, concurrent: 2, pool: x}", "b: {path: /b, rate: 2/s}"), Routes.SITE);
        assertThat(second.match("localhost", "/a").rate())
                .isSameAs(first.match("localhost", "/a").rate());
        assertThat(second.match("localhost", "/a").concurrency())
                .isSameAs(first.match("localhost", "/a").concurrency());
        assertThat(second.match("localhost", "/a").settings().pool()).isEqualTo("x");
        assertThat(second.match("localhost", "/b").rate())
                .isNotSameAs(first.match("localhost", "/b").rate());
    }

    @Test
    void the_order_of_the_file_decides_between_equals() {
        RouteTable table = RouteTable.of(Routes.of("z: {path: /p}", "a: {path: /p}"), Routes.SITE);
        assertThat(table.match("localhost", "/p")).hasToString("z");
        assertThat(table.complaints(Set.of("web"))).hasSize(3).allMatch(line -> line.startsWith("lb.routes.a: "));
        assertThat(List.of(table.match("localhost", "/q").name())).containsExactly("(default)");
    }
}
