package com.foobar.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    record NoDoc(int port) {}

    record Unknown(@Doc("x") Thread thread) {}

    record Itself(@Doc("x") Optional<Itself> inner) {}

    record Inner(@Doc("x") String a) {}

    record Twice(@Doc("x") String a, @Flat Inner inner) {}

    record BadDefault(@Doc("x") @Default("eighty") int port) {}

    record BadMap(@Doc("x") Map<Integer, String> map) {}

    record BadRange(@Doc("x") @Range(min = 1) String text) {}

    record OptionalDefault(@Doc("x") @Default("1") Optional<Integer> one) {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                NoDoc.class,
                Unknown.class,
                Itself.class,
                Twice.class,
                BadDefault.class,
                BadMap.class,
                BadRange.class,
                OptionalDefault.class
            })
    void a_wrong_record_is_the_programmers_mistake(Class<?> type) {
        assertThatThrownBy(() -> Schema.of(type.asSubclass(Record.class)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(type.getSimpleName());
    }

    @Test
    void every_key_is_listed_with_its_words() {
        List<KeyDoc> keys = Schema.of(Sample.class).keys();
        assertThat(keys)
                .contains(
                        new KeyDoc("servers.*.address", "text", "Its address.", Optional.empty(), true, false),
                        new KeyDoc("lb.http", "a port from 0 to 65535", "HTTP.", Optional.of("8080"), false, false),
                        new KeyDoc("lb.tls.certs.*.file", "a path", "File.", Optional.empty(), true, false),
                        new KeyDoc(
                                "database-cluster.upstream",
                                "an address such as http://10.0.0.1:8080/",
                                "Upstream.",
                                Optional.empty(),
                                false,
                                false));
        assertThat(keys.stream().map(KeyDoc::key))
                .doesNotHaveDuplicates()
                .startsWith("site", "servers", "servers.*.address");
    }
}
