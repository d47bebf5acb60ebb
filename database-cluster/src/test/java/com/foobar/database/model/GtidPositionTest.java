package com.foobar.database.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.model.Position.Relation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GtidPositionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0-1-100           | 0-1-100           | EQUAL",
                "0-1-101           | 0-1-100           | AHEAD",
                "0-1-99            | 0-1-100           | BEHIND",
                "''                | 0-1-1             | BEHIND",
                "''                | ''                | EQUAL",
                "0-1-100,0-2-150   | 0-1-100           | AHEAD",
                "0-1-100,0-2-150   | 0-2-150,0-1-100   | EQUAL",
                "0-1-101           | 0-1-100,0-2-150   | DIVERGED",
                "0-1-101           | 0-1-100,0-2-101   | DIVERGED",
                "0-1-5,1-1-7       | 0-1-6,1-1-6       | DIVERGED",
                "0-1-5,1-1-7       | 0-1-5,1-1-6       | AHEAD",
                "0-1-18446744073709551615 | 0-1-9      | AHEAD",
            })
    void compares(String one, String other, Relation expected) {
        GtidPosition left = GtidPosition.parse(one);
        GtidPosition right = GtidPosition.parse(other);
        assertThat(left.to(right)).isEqualTo(expected);
        assertThat(right.to(left))
                .isEqualTo(
                        switch (expected) {
                            case AHEAD -> Relation.BEHIND;
                            case BEHIND -> Relation.AHEAD;
                            default -> expected;
                        });
        GtidPosition both = left.join(right);
        assertThat(both.covers(left) && both.covers(right)).isTrue();
        assertThat(both).isEqualTo(right.join(left));
        GtidPosition common = left.meet(right);
        assertThat(left.covers(common) && right.covers(common)).isTrue();
        assertThat(common).isEqualTo(right.meet(left));
        assertThat(left.covers(right)).isEqualTo(common.equals(right));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0-1", "0-1-2-3", "0-1-", "0-1-2,", "-1-1-1", "0-1-99999999999999999999"})
    void refusesRubbishAndNamesIt(String text) {
        assertThatThrownBy(() -> GtidPosition.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text)
                .hasMessageContaining("0-1-100,0-2-150");
    }

    @Test
    void isWrittenAsItIsRead() {
        assertThat(GtidPosition.parse(" 0-2-150, 0-1-100 ")).hasToString("0-1-100,0-2-150");
        assertThat(GtidPosition.EMPTY.with(0, 1, 1).with(0, 1, 2)).hasToString("0-1-2");
    }
}
