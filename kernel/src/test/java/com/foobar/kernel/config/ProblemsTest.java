package com.foobar.kernel.config;

import static com.foobar.kernel.config.Sample.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One wrong text, the exact lines a person reads. */
class ProblemsTest {

    private static Arguments row(String yaml, String... lines) {
        return Arguments.of(yaml, List.of(lines));
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                row(
                        "lb:\n  prot: 1",
                        "x.yaml:2: lb.prot: unknown key, known here: http, https, timeout, max-body, trusted, routes, ratio, tls"),
                row("lb:\n  htpp: 1", "x.yaml:2: lb.htpp: unknown key, did you mean lb.http?"),
                row("lb:\n  certs: []", "x.yaml:2: lb.certs: unknown key, did you mean lb.tls.certs?"),
                row("lb:\n  site: a", "x.yaml:2: lb.site: unknown key, did you mean site?"),
                row("serial: 1", "x.yaml:1: serial: unknown key, did you mean admin.serial?"),
                row("lb:\n  http: 80x", "x.yaml:2: lb.http: given \"80x\", expected a port from 0 to 65535"),
                row("lb:\n  http: 65536", "x.yaml:2: lb.http: given \"65536\", expected a port from 0 to 65535"),
                row("lb:\n  http: +80", "x.yaml:2: lb.http: given \"+80\", expected a port from 0 to 65535"),
                row("lb:\n  http:", "x.yaml:2: lb.http: no value given, expected a port from 0 to 65535"),
                row("lb:\n  http: [80]", "x.yaml:2: lb.http: given a list, expected a port from 0 to 65535"),
                row("lb:\n  http: 80\n  timeout: 1s\n  http: 81", "x.yaml:4: lb.http: given twice, first on line 2"),
                row(
                        "lb:\n  timeout: 5",
                        "x.yaml:2: lb.timeout: given \"5\", expected a duration such as 250ms, 5s, 2m, 1h or 0"),
                row(
                        "lb:\n  max-body: 1mb",
                        "x.yaml:2: lb.max-body: given \"1mb\", expected a size such as 512, 16KiB, 10MB or 1GiB"),
                row("lb:\n  ratio: NaN", "x.yaml:2: lb.ratio: given \"NaN\", expected a number"),
                row(
                        "lb:\n  trusted: 10.0.0.0/8",
                        "x.yaml:2: lb.trusted: given a single value, expected a list, each item"
                                + " a network such as 10.0.0.0/8, fd00::/8 or one address"),
                row(
                        "lb:\n  trusted:\n    - 10.0.0.0/8\n    - 10.0.0.1/8",
                        "x.yaml:4: lb.trusted[1]: given \"10.0.0.1/8\", expected a network"
                                + " such as 10.0.0.0/8, fd00::/8 or one address, with nothing set behind the prefix"),
                row(
                        "lb: 80",
                        "x.yaml:1: lb: given a single value, expected a section with the keys http, https, timeout,"
                                + " max-body, trusted, routes, ratio, tls"),
                row("lb:\n  http: 80\n  https: 80", "x.yaml:1: lb: http and https share port 80"),
                row(
                        "lb:\n  routes:\n    www.foobar.com:\n      expose: yes\n      pool: a",
                        "x.yaml:4: lb.routes.\"www.foobar.com\".expose: given \"yes\", expected true or false"),
                row(
                        "lb:\n  routes:\n    www.foobar.com:\n      pool: a",
                        "x.yaml:4: lb.routes.\"www.foobar.com\".pool: given \"a\", expected one of []"),
                row("servers:\n  web1:\n    weight: 2", "x.yaml:2: servers.web1.address: missing, expected text"),
                row(
                        "servers:\n  web1: { address: a, roles: [web] }",
                        "x.yaml:2: servers.web1.roles[0]: given \"web\", expected one of lb, webserver, database-cluster"),
                row(
                        "servers:\n  web1: { address: a, roles: [lb, lb] }",
                        "x.yaml:2: servers.web1.roles: an item is given twice, expected each once"),
                row(
                        "lb:\n  tls:\n    certs:\n      - file: a\n      - names: [b]",
                        "x.yaml:5: lb.tls.certs[1].file: missing, expected a path"),
                row(
                        "database-cluster:\n  peers: ['db1']",
                        "x.yaml:2: database-cluster.peers[0]: given \"db1\", expected host:port such as 10.0.0.1:80 or [::1]:80"),
                row(
                        "database-cluster:\n  password: '!x'",
                        "x.yaml:2: database-cluster.password: given \"!x\", expected anything without a !"),
                row(
                        "admin:\n  address: 127.0.0.1:1",
                        "x.yaml:1: admin.token: missing, expected a secret that is not empty"),
                row(
                        "admin:\n  token: abc\n  serial: 13",
                        "x.yaml:1: admin: is unlucky",
                        "x.yaml:2: admin.token: given ***, expected a longer one",
                        "x.yaml:3: admin.serial: given \"13\", expected a luckier number"),
                row(
                        "site: \"a\\e[2Jb\"\nlb: {http: \"\\e[2J\"}",
                        "x.yaml:2: lb.http: given \"\\x1b[2J\", expected a port from 0 to 65535"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void each_mistake_names_its_place_and_what_was_expected(String yaml, List<String> expected) {
        assertThat(lines(Sample.read(yaml))).isEqualTo(expected);
    }

    static Stream<Arguments> unreadable() {
        return Stream.of(
                row("", "x.yaml:1: the file is empty, expected keys such as \"site: www.example.com\""),
                row("# nothing\n\n", "x.yaml:1: the file is empty, expected keys such as \"site: www.example.com\""),
                row("- a", "x.yaml:1: expected \"key: value\" lines at the top of the file"),
                row("lb:\n\thttp: 80", "x.yaml:2: column 1: a tab; YAML is indented with spaces only"),
                row(
                        "lb:\n  http: 80\n   https: 81",
                        "x.yaml:3: column 9: a \":\" is not allowed here; is the indentation right, or does the value need quotes?"),
                row(
                        "lb:\n  http: 80\n https: 81",
                        "x.yaml:3: column 2: the indentation fits no line above; keys of one section begin in the same column"),
                row(
                        "site: [a, b\nlb: {}",
                        "x.yaml:2: column 3: the list begun with \"[\" is not closed with \"]\", or a comma is missing"),
                row(
                        "site: \"a\nlb: {}",
                        "x.yaml:2: column 7: the text ends inside quotes; a closing quote is missing further up"),
                row("site: @a", "x.yaml:1: column 7: a value cannot begin with this character; put it in quotes"),
                row(
                        "site\nlb: {}",
                        "x.yaml:2: column 3: a \":\" is not allowed here; is the indentation right, or does the value need quotes?"),
                row("site: a\u0000b", "x.yaml:1: column 8: the character U+0000 is not text; is this a binary file?"),
                row("site: a\n---\nsite: b", "x.yaml:2: a second document begins here, expected only one"),
                row(
                        "a: &a [x,x]\nb: &b [*a,*a]",
                        "x.yaml:1: a: anchors (&name) are not supported; quote a value that begins with &",
                        "x.yaml:2: b: anchors (&name) are not supported; quote a value that begins with &",
                        "x.yaml:2: b[0]: aliases (*name) are not supported; quote a value that begins with *"),
                row("? [a]\n: b", "x.yaml:1: expected a key that is plain text, met a list, a section or an alias"),
                row("[".repeat(10_000), "x.yaml:1: nested deeper than 24 levels"),
                row("#".repeat(Text.MOST_BYTES + 1), "x.yaml:1: the text is larger than 1048576 bytes"));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void a_text_that_is_no_topology_is_told_in_a_sentence(String yaml, List<String> expected) {
        Reading<Sample> reading = Sample.read(yaml);
        assertThat(lines(reading)).isEqualTo(expected);
        assertThat(reading.value()).isEmpty();
    }

    @Test
    void a_tag_runs_nothing_and_is_refused() {
        assertThat(lines(Sample.read("site: !!java.net.URL [\"http://x\"]")))
                .contains("x.yaml:1: site: tags (!name) are not supported; quote a value that begins with !");
    }

    @Test
    void twelve_mistakes_in_one_file_are_twelve_lines() {
        Reading<Sample> reading = Sample.read(
                """
                sit: www.foobar.com
                servers:
                  web1:
                    addres: 10.0.0.1
                    roles: [webserver, mail]
                    weight: 257
                lb:
                  http: eighty
                  https: 443
                  timeout: 5 seconds
                  max-body: -1
                  https: 444
                  routes:
                    www.foobar.com: { pool: web1, expose: on }
                database-cluster:
                  port: 0
                  peers:
                    - 10.0.0.1:3306
                    - 10.0.0.2
                """);
        assertThat(reading.problems().stream()
                        .map(problem -> ((Origin.File) problem.origin()).line() + " " + problem.key()))
                .containsExactly(
                        "1 sit",
                        "3 servers.web1.address",
                        "4 servers.web1.addres",
                        "5 servers.web1.roles[1]",
                        "6 servers.web1.weight",
                        "8 lb.http",
                        "10 lb.timeout",
                        "11 lb.max-body",
                        "12 lb.https",
                        "14 lb.routes.\"www.foobar.com\".expose",
                        "16 database-cluster.port",
                        "19 database-cluster.peers[1]");
        assertThat(reading.value()).isEmpty();
    }
}
