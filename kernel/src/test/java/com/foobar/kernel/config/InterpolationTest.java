package com.foobar.kernel.config;

import static com.foobar.kernel.config.Sample.effective;
import static com.foobar.kernel.config.Sample.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterpolationTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("NAME", "foobar", "ODD", "a${b}c", "EMPTY", "");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "www.${env:NAME}.com | www.foobar.com",
                "${env:NOPE:-x} | x",
                "${env:NOPE:-} | ``",
                "${env:EMPTY:-x} | ``",
                "${env:NOPE:-${env:NAME}} | foobar",
                "${env:ODD} | a${b}c",
                "$${env:NAME} | ${env:NAME}",
                "$$$x{} | $$$x{}",
                "port ${lb.http} | port 8080",
                "${admin.link} | http://127.0.0.1:8404/",
                "${database-cluster.note:-none} | none",
                "${lb.routes.\"www.foobar.com\".expose} | false",
            })
    void fills_in(String written, String read) {
        Reading<Sample> reading = Sample.read(
                "site: '" + written + "'\nadmin: { token: x }\nservers: {web1: {address: a}}\n"
                        + "lb: {routes: {www.foobar.com: {pool: web1}}}",
                ENVIRONMENT);
        assertThat(lines(reading)).isEmpty();
        assertThat(reading.value().orElseThrow().site()).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "${env:NOPE} | the environment variable NOPE is not set",
                "${nope} | ${nope} names no known key; write $${ for a plain ${",
                "${lb.htpp:-80} | ${lb.htpp} names no known key; write $${ for a plain ${",
                "${lb} | ${lb} is not a single value",
                "${database-cluster.note} | ${database-cluster.note} has no value",
                "${site} | ${site} refers back to itself",
                "${script:javascript:1} | the lookup script: is not known, expected env:, file: or another key; write $${ for a plain ${",
                "${sys:user.home} | the lookup sys: is not known, expected env:, file: or another key; write $${ for a plain ${",
                "${dns:localhost} | the lookup dns: is not known, expected env:, file: or another key; write $${ for a plain ${",
                "${url:UTF-8:http://x} | the lookup url: is not known, expected env:, file: or another key; write $${ for a plain ${",
                "${lb.http | a ${ is never closed with }; write $${ for a plain ${",
                "${file:nope} | nope: there is no such file",
                "${} | ${} names no known key; write $${ for a plain ${",
            })
    void refuses(String written, String message) {
        assertThat(lines(Sample.read("lb: {}\nsite: '" + written + "'", ENVIRONMENT)))
                .containsExactly("x.yaml:2: site: " + message);
    }

    @Test
    void two_keys_that_refer_to_each_other_are_refused() {
        assertThat(lines(Sample.read("site: ${database-cluster.note}\ndatabase-cluster: { note: '${site}' }")))
                .containsExactly(
                        "x.yaml:1: site: ${site} refers back to itself",
                        "x.yaml:2: database-cluster.note: ${database-cluster.note} refers back to itself");
    }

    @Test
    void a_reference_sees_the_layers_above() {
        assertThat(effective(Sample.read("site: p${lb.http}", "lb.http=9"), "site"))
                .isEqualTo("p9 <- x.yaml:1");
    }

    @Test
    void a_file_is_found_beside_the_configuration_and_loses_one_line_end() throws IOException {
        Files.writeString(folder.resolve("token"), "s3cret ${x}\n\n");
        Path yaml = Files.writeString(folder.resolve("x.yaml"), "admin: { token: '${file:token}' }");
        Reading<Sample> reading = Settings.read(Sample.class, new Layers(Text.read(yaml), Map.of(), List.of()));
        assertThat(reading.value().orElseThrow().admin().orElseThrow().token().reveal())
                .isEqualTo("s3cret ${x}\n");
    }

    @Test
    void a_folder_a_huge_file_and_a_binary_file_are_refused() throws IOException {
        Files.write(folder.resolve("huge"), new byte[70_000]);
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        for (Map.Entry<String, String> row : Map.of(
                        "",
                        "is not a regular file",
                        "huge",
                        "is larger than 65536 bytes",
                        "binary",
                        "is not UTF-8 text")
                .entrySet()) {
            assertThat(lines(Sample.read("site: '${file:" + folder.resolve(row.getKey()) + "}'")))
                    .singleElement()
                    .asString()
                    .startsWith("x.yaml:1: site: ")
                    .endsWith(row.getValue());
        }
    }
}
