package com.foobar.appserver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlanTest {
    private static final Plan.Stamp OLD = new Plan.Stamp(10, 1, 1);
    private static final Plan.Stamp NEW = new Plan.Stamp(20, 2, 1);

    private static Plan.Seen seen(Plan.Stamp stamp) {
        return new Plan.Seen(Path.of("shop.war"), false, stamp);
    }

    private static Map<String, Plan.Seen> folder(Plan.Stamp... stamp) {
        return stamp.length == 0 ? Map.of() : Map.of("shop", seen(stamp[0]));
    }

    static Stream<Arguments> table() {
        return Stream.of(
                Arguments.of("nothing", folder(), folder(), Map.of(), "[]"),
                Arguments.of("just came: may be half copied", folder(NEW), folder(), Map.of(), "[]"),
                Arguments.of("grows", folder(NEW), folder(OLD), Map.of(), "[]"),
                Arguments.of("came and is whole", folder(NEW), folder(NEW), Map.of(), "deploy"),
                Arguments.of("runs", folder(NEW), folder(NEW), Map.of("shop", NEW), "[]"),
                Arguments.of("failed, and is the same", folder(NEW), folder(NEW), Map.of("shop", NEW), "[]"),
                Arguments.of("is being replaced", folder(NEW), folder(OLD), Map.of("shop", OLD), "[]"),
                Arguments.of("was replaced", folder(NEW), folder(NEW), Map.of("shop", OLD), "deploy"),
                Arguments.of("was removed to be replaced", folder(), folder(OLD), Map.of("shop", OLD), "[]"),
                Arguments.of("is gone", folder(), folder(), Map.of("shop", OLD), "remove"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void decides(
            String what,
            Map<String, Plan.Seen> now,
            Map<String, Plan.Seen> before,
            Map<String, Plan.Stamp> tried,
            String expected) {
        String steps = Plan.steps(now, before, tried).toString();
        switch (expected) {
            case "deploy" -> assertThat(steps).startsWith("[Deploy[name=shop");
            case "remove" -> assertThat(steps).isEqualTo("[Remove[name=shop]]");
            default -> assertThat(steps).isEqualTo(expected);
        }
    }

    @Test
    void namesBecomePaths() {
        assertThat(Plan.contextPath("ROOT")).isEqualTo("/");
        assertThat(Plan.contextPath("shop")).isEqualTo("/shop");
        assertThat(Plan.contextPath("shop#admin")).isEqualTo("/shop/admin");
    }
}
