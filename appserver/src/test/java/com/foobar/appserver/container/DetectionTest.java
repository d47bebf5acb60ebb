package com.foobar.appserver.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectionTest {
    /** Worlds as letters: o old, n new, b both, - none. */
    @ParameterizedTest(name = "{0} {1}, classes {2}, libraries {3}: {4}")
    @CsvSource({
        "http://xmlns.jcp.org/xml/ns/javaee, 4.0, o, -, EE8",
        "http://java.sun.com/xml/ns/j2ee, 2.4, -, -, EE8",
        "'', , -, -, EE8",
        "https://jakarta.ee/xml/ns/jakartaee, 5.0, n, -, EE10",
        "https://jakarta.ee/xml/ns/jakartaee, 6.0, -, b, EE10",
        "https://jakarta.ee/xml/ns/jakartaee, 6.1, n, n, EE11",
        "https://jakarta.ee/xml/ns/jakartaee, 7.0, n, n, EE11",
        "http://xmlns.jcp.org/xml/ns/javaee, 4.0, n, -, EE11",
        "https://jakarta.ee/xml/ns/jakartaee, 6.0, o, -, EE8",
        "http://xmlns.jcp.org/xml/ns/javaee, 3.1, b, b, EE8",
        ", , o, n, EE8",
        ", , n, o, EE11",
        ", , -, o, EE8",
        ", , -, n, EE11",
        ", , -, b, EE11",
        ", , -, -, EE11"
    })
    void decides(
            @Nullable String namespace, @Nullable String version, String classes, String libraries, Generation to) {
        Detection.Facts facts = new Detection.Facts(namespace, version, mentions(classes), mentions(libraries));
        Detection.Decision decision = Detection.decide(null, facts);
        assertThat(decision.generation()).as(decision.because()).isEqualTo(to);
        assertThat(Detection.decide(Generation.EE10, facts).generation()).isEqualTo(Generation.EE10);
    }

    private static Detection.Mentions mentions(String letter) {
        boolean both = letter.equals("b");
        return new Detection.Mentions(both || letter.equals("o"), both || letter.equals("n"), false);
    }
}
