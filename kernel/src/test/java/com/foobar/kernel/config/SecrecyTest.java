package com.foobar.kernel.config;

import static com.foobar.kernel.config.Sample.effective;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong around a secret, it is not told. */
class SecrecyTest {
    private static final String SECRET = "hunter2";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "admin: { token: hunter2 }",
                "admin: { token: hunter2, serial: 13 }",
                "admin: { tokn: hunter2 }",
                "admin:\ntoken: hunter2",
                "admin: hunter2",
                "admin: { token: [hunter2] }",
                "admin: { token: { hunter2: x } }",
                "admin: { token: x, tokens: hunter2 }",
                "admin: { token: x, tokens: [hunter2, ''] }",
                "admin: { token: x, token: hunter2 }",
                "admin: { token: !hunter2 }",
                "admin: { token: !hunter2!x }",
                "admin: { token: *hunter2 }",
                "admin: { token: &hunter2 x }",
                "admin: { token: @hunter2 }",
                "admin: { token: \"hunter2\\q\" }",
                "admin: { token: hunter2",
                "admin:\n  token: 'hunter2",
                "admin:\n\ttoken: hunter2",
                "admin:\n  token: x: hunter2",
                "admin: { token: 'a${hunter2}' }",
                "admin: { token: 'a${hunter2:b}' }",
                "admin: { token: 'a${hunter2' }",
                "admin: { token: '${env:NOPE:-hunter2}' }",
                "admin: { token: '${env:PASS}' }\nsite: '${admin.token}'",
                "admin: { token: '${env:PASS}' }\nlb: { http: '${admin.token}' }",
                "admin: { token: '${env:PASS}' }\nlb: { http: '${env:PASS}' }",
                "admin: { token: '${env:PASS}' }\nlb: { trusted: ['${env:PASS}'] }",
                "%TAG ! hunter2\n---\na: b",
            })
    void a_secret_in_the_file(String yaml) {
        assertThat(everything(Sample.read(yaml, Map.of("PASS", SECRET)))).noneMatch(text -> text.contains(SECRET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "admin.token=hunter2",
                "admin.tokens=a,hunter2,,",
                "admin.tokens=[hunter2",
                "admin={token: hunter2",
                "admin={tokn: hunter2}",
                "admin.token:hunter2",
                "admin.token hunter2",
                "admin.tokn=hunter2",
                "admin=hunter2",
                "lb.trusted=${env:PASS}",
            })
    void a_secret_in_a_flag(String flag) {
        Map<String, String> environment = Map.of("PASS", SECRET, "FOOBAR_ADMIN_TOKN", SECRET);
        assertThat(everything(Sample.read("site: a", environment, flag))).noneMatch(text -> text.contains(SECRET));
    }

    @Test
    void the_layers_themselves_print_none() {
        Layers layers = new Layers(new Text("x", SECRET), Map.of("A", SECRET), List.of("a=" + SECRET));
        assertThat(layers.toString()).doesNotContain(SECRET);
    }

    @Test
    void what_came_from_a_file_is_masked_in_any_key(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("pass"), SECRET);
        Reading<Sample> reading = Sample.read("site: 'a${file:" + file + "}'");
        assertThat(effective(reading, "site")).isEqualTo("*** <- x.yaml:1");
    }

    @Test
    void a_changed_secret_is_a_difference_without_words() {
        Sample before = Sample.read("admin: { token: a, tokens: [x] }").value().orElseThrow();
        Sample after = Sample.read("admin: { token: hunter2, tokens: [hunter2] }")
                .value()
                .orElseThrow();
        assertThat(Settings.difference(Sample.class, before, after).stream().map(Difference::toString))
                .containsExactly("admin.token: *** -> ***", "admin.tokens: [***] -> [***]");
    }

    private static List<String> everything(Reading<Sample> reading) {
        List<String> all = new ArrayList<>();
        all.add(reading.problems().toString());
        all.add(reading.effective().toString());
        reading.problems().forEach(problem -> all.add(problem.line() + problem.origin() + problem.message()));
        // The bound value may hold it as plain text where the type of its key is text; everything of type Secret is
        // masked.
        reading.value().flatMap(Sample::admin).ifPresent(admin -> all.add(admin.toString()));
        return all;
    }
}
