package com.foobar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each tier is asked where it answers. */
class PortsTest {

    @ParameterizedTest
    @CsvSource({
        "plain-64, 1",
        "tls-64, 2",
        "file-1k, 3",
        "proxied, 3",
        "hello, 4",
        "jdbc, 4",
        "chain-hello, 1",
        "chain-jdbc, 1"
    })
    void thePortOfAScenario(String scenario, int port) {
        Scenario wanted = Scenario.ALL.stream()
                .filter(one -> one.name().equals(scenario))
                .findFirst()
                .orElseThrow();

        assertThat(new Ports(1, 2, 3, 4).of(wanted)).isEqualTo(port);
    }
}
