package com.foobar.kernel.config;

import static com.foobar.kernel.config.Sample.effective;
import static com.foobar.kernel.config.Sample.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayersTest {
    private static final String FILE =
            """
            site: no
            servers:
              web-1: { address: 1.10 }
              web2: { address: 10.0.0.2, weight: 3 }
            lb:
              http: 81
              trusted: [10.0.0.0/8, 11.0.0.0/8]
            """;

    @Test
    void each_layer_covers_the_one_below_and_is_named() {
        Map<String, String> environment = Map.of("FOOBAR_LB_HTTP", "82", "FOOBAR_DATABASE_CLUSTER_PORT", "3306");
        assertThat(effective(Sample.read(FILE), "lb.https")).isEqualTo("8443 <- built-in");
        assertThat(effective(Sample.read(FILE), "lb.http")).isEqualTo("81 <- x.yaml:6");
        assertThat(effective(Sample.read(FILE, environment), "lb.http")).isEqualTo("82 <- environment FOOBAR_LB_HTTP");
        Reading<Sample> top = Sample.read(FILE, environment, "lb.http=83", "lb.http=84");
        assertThat(effective(top, "lb.http")).isEqualTo("84 <- --set lb.http");
        assertThat(top.value().orElseThrow().lb().fixed().http()).isEqualTo(84);
        assertThat(top.value().orElseThrow().database().port()).isEqualTo(3306);
    }

    @Test
    void what_yaml_would_guess_stays_as_it_was_written() {
        Sample sample = Sample.read(FILE).value().orElseThrow();
        assertThat(sample.site()).isEqualTo("no");
        assertThat(sample.servers().get("web-1").address()).isEqualTo("1.10");
    }

    @Test
    void keys_that_other_readers_turn_into_booleans_and_numbers_are_names() {
        Sample sample = Sample.read(
                        "servers: { on: {address: a}, yes: {address: b}, 1: {address: c}, 1.0: {address: d} }")
                .value()
                .orElseThrow();
        assertThat(sample.servers().keySet()).containsExactly("on", "yes", "1", "1.0");
    }

    @Test
    void a_list_is_replaced_as_a_whole_and_a_map_is_merged_in_the_order_of_the_file() {
        Reading<Sample> reading = Sample.read(
                FILE, "lb.trusted=::1", "servers.web3.address=c", "servers.web2.weight=4", "servers.web-1={weight: 9}");
        Sample sample = reading.value().orElseThrow();
        assertThat(sample.lb().live().trusted()).hasToString("[0:0:0:0:0:0:0:1/128]");
        assertThat(sample.servers().keySet()).containsExactly("web-1", "web2", "web3");
        assertThat(sample.servers().get("web2"))
                .isEqualTo(new Sample.Server("10.0.0.2", java.util.Set.of(Sample.Job.LB), 4));
        assertThat(sample.servers().get("web-1").weight()).isEqualTo(9);
    }

    @Test
    void lists_in_flags_and_variables_use_commas_or_brackets() {
        Reading<Sample> reading = Sample.read(
                FILE, Map.of("FOOBAR_SERVERS_WEB_1_ROLES", "lb, webserver"), "lb.trusted=[1.0.0.0/8, '::1']");
        assertThat(reading.value().orElseThrow().servers().get("web-1").roles())
                .containsExactly(Sample.Job.LB, Sample.Job.WEB);
        assertThat(effective(reading, "lb.trusted[0]")).isEqualTo("1.0.0.0/8 <- --set lb.trusted");
        assertThat(Sample.read(FILE, "lb.trusted=")
                        .value()
                        .orElseThrow()
                        .lb()
                        .live()
                        .trusted())
                .isEmpty();
    }

    @Test
    void a_host_name_as_a_key_is_quoted_in_a_flag() {
        Reading<Sample> reading = Sample.read(FILE, "lb.routes.\"www.foobar.com\".pool=web2");
        assertThat(reading.value().orElseThrow().lb().live().routes()).containsOnlyKeys("www.foobar.com");
        assertThat(effective(reading, "lb.routes.\"www.foobar.com\".expose")).isEqualTo("false <- built-in");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "foo | --set foo: expected KEY=VALUE",
                "=x | --set : expected KEY=VALUE",
                "a..b=x | --set a..b: the key has an empty part, expected KEY=VALUE",
                "lb.htpp=1 | --set lb.htpp: lb.htpp: unknown key, did you mean lb.http?",
                "lb.http=x | --set lb.http: lb.http: given \"x\", expected a port from 0 to 65535",
                "lb=5 | --set lb: lb: given a single value, expected a section with the keys http, https, timeout, max-body, trusted, routes, ratio, tls",
                "lb={http: [} | --set lb: lb: column 9: not valid YAML; a value with special characters needs quotes",
            })
    void a_wrong_flag_is_named(String flag, String line) {
        assertThat(lines(Sample.read(FILE, flag))).containsExactly(line);
    }

    @Test
    void unknown_variables_are_warnings_because_kubernetes_makes_some() {
        Reading<Sample> reading = Sample.read(
                FILE,
                Map.of("FOOBAR_PORT_80_TCP_ADDR", "10.1.1.1", "FOOBAR_LB_HTPP", "1", "FOOBAR_LB", "{}", "PATH", "x"));
        assertThat(lines(reading))
                .containsExactly(
                        "environment FOOBAR_LB: names no known key and is ignored",
                        "environment FOOBAR_LB_HTPP: names no known key and is ignored, did you mean FOOBAR_LB_HTTP?",
                        "environment FOOBAR_PORT_80_TCP_ADDR: names no known key and is ignored");
        assertThat(reading.warnings()).hasSize(3);
        assertThat(reading.value()).isPresent();
    }

    @Test
    void a_variable_that_could_mean_two_keys_is_refused() {
        assertThat(lines(Sample.read(
                        "servers: { a-b: {address: x}, a_b: {address: y} }", Map.of("FOOBAR_SERVERS_A_B_WEIGHT", "1"))))
                .containsExactly("environment FOOBAR_SERVERS_A_B_WEIGHT: could mean servers.a-b.weight or"
                        + " servers.a_b.weight, use --set or the file instead");
    }

    @Test
    void a_section_left_out_or_left_empty_takes_its_defaults() {
        for (String yaml : List.of("site: a", "lb:", "lb: {}", "lb:\n  tls:")) {
            Sample sample = Sample.read(yaml).value().orElseThrow();
            assertThat(sample.lb().fixed()).isEqualTo(new Sample.Fixed(8080, 8443));
            assertThat(sample.admin()).isEmpty();
            assertThat(sample.database().note()).isNull();
        }
    }

    @Test
    void defaults_reach_into_lists() {
        Sample sample =
                Sample.read("lb: { tls: { certs: [ { file: a } ] } }").value().orElseThrow();
        assertThat(sample.lb().tls().certs().get(0).on()).isTrue();
    }

    @Test
    void a_mark_and_windows_line_ends_change_nothing() {
        Reading<Sample> reading = Sample.read("\uFEFFsite: a\r\nlb:\r\n  http: 81\r\n  htpp: 1\r\n");
        assertThat(lines(reading)).containsExactly("x.yaml:4: lb.htpp: unknown key, did you mean lb.http?");
    }

    @Test
    void the_effective_configuration_is_in_the_order_of_declaration() {
        assertThat(Sample.read("lb: { http: 1 }\nsite: a").effective().stream().map(Entry::key))
                .startsWith("site", "servers", "lb.http", "lb.https", "lb.timeout", "lb.max-body", "lb.trusted[0]");
    }

    @Test
    void a_long_value_is_whole_where_it_is_in_force_and_short_where_it_is_refused() {
        String text = "x".repeat(500);
        assertThat(effective(Sample.read("site: " + text), "site")).isEqualTo(text + " <- x.yaml:1");
        assertThat(lines(Sample.read("lb: { http: " + text + " }")))
                .containsExactly(
                        "x.yaml:1: lb.http: given \"" + "x".repeat(80) + "...\", expected a port from 0 to 65535");
    }

    @Test
    void a_difference_names_the_keys_that_changed() {
        Sample before = Sample.read(FILE + "  timeout: 60s").value().orElseThrow();
        Sample after = Sample.read(FILE + "  timeout: 1m", "lb.http=9", "servers.web3.address=c", "lb.trusted=[]")
                .value()
                .orElseThrow();
        assertThat(Settings.difference(Sample.class, before, after).stream().map(Difference::toString))
                .containsExactly(
                        "servers.web3.address:  -> c",
                        "servers.web3.roles:  -> [lb]",
                        "servers.web3.weight:  -> 1",
                        "lb.http: 81 -> 9",
                        "lb.trusted: [10.0.0.0/8, 11.0.0.0/8] -> []");
    }
}
