package com.foobar.webserver.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Layers;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.config.Text;
import com.foobar.kernel.value.ByteSize;
import com.foobar.webserver.answer.Coding;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    /** As the web server's own section will hold them. */
    record Holder(
            @Doc("The sites by name.") Map<String, SiteSettings> sites,
            @Doc("What is kept.") FileCacheSettings cache) {}

    private static Reading<Holder> read(String yaml) {
        return Settings.read(Holder.class, new Layers(new Text("x.yaml", yaml), Map.of(), List.of()));
    }

    @Test
    void aSiteNeedsNoMoreThanItsRoot() {
        Holder holder = read("sites: {main: {root: site/public, hosts: [www.foobar.com]}}")
                .value()
                .orElseThrow();
        assertThat(holder.sites()).containsEntry("main", SiteSettings.of(Path.of("site/public"), "www.foobar.com"));
        assertThat(holder.cache()).isEqualTo(FileCacheSettings.DEFAULT);
    }

    @Test
    void everyKeyIsRead() {
        SiteSettings site =
                read("""
                        sites:
                          main:
                            hosts: [www.foobar.com, "*.foobar.com"]
                            root: /srv/www
                            index: [index.html, index.htm]
                            spa: app.html
                            errors: {404: errors/404.html, 503: errors/busy.html}
                            cache-control: {/assets/**: "public, max-age=60", "*.pdf": no-store}
                            types: {foo: text/foo}
                            precompressed: [br]
                            gzip: false
                            gzip-from: 2KiB
                            gzip-up-to: 1MiB
                            ranges: 4
                        """)
                        .value()
                        .orElseThrow()
                        .sites()
                        .get("main");
        assertThat(site.precompressed()).containsExactly(Coding.BROTLI);
        assertThat(site.cacheControl().keySet()).containsExactly("/assets/**", "*.pdf");
        assertThat(site.errors()).containsEntry("404", "errors/404.html");
        assertThat(site.gzipFrom()).isEqualTo(new ByteSize(2048));
        assertThat(site.spa()).contains("app.html");
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        Reading<Holder> reading = read(
                """
                sites:
                  main:
                    hosts: ["www.foobar.com:80"]
                    root: /srv/www
                    index: [a/b.html]
                    spa: ../app.html
                    errors: {200: ok.html, 404: .hidden}
                    cache-control: {a/b: no-store, "*.x": "a\\nb"}
                    types: {foo: nonsense}
                    precompressed: [lzma]
                    ranges: 0
                cache: {largest: 1GiB}
                """);
        assertThat(reading.value()).isEmpty();
        assertThat(reading.errors())
                .extracting(problem -> problem.key())
                .contains("sites.main.precompressed[0]", "sites.main.ranges");
        Reading<Holder> together = read(
                """
                sites:
                  main:
                    hosts: ["www.foobar.com:80"]
                    root: /srv/www
                    index: [a/b.html]
                    spa: ../app.html
                    errors: {200: ok.html, 404: .hidden}
                    cache-control: {a/b: no-store, "*.x": "a\\nb"}
                    types: {foo: nonsense}
                cache: {largest: 1GiB}
                """);
        assertThat(together.errors()).hasSize(9);
    }
}
