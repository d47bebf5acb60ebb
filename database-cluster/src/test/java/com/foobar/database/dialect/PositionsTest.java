package com.foobar.database.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {

    private static final String A = "aaaaaaaa-0000-0000-0000-00000000000a";
    private static final String B = "bbbbbbbb-0000-0000-0000-00000000000b";

    @ParameterizedTest(name = "{0} to {1} is {2}, together {3}")
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "''|''|SAME|''",
                "0-1-5|0-1-5|SAME|0-1-5",
                "0-1-5|''|AHEAD|0-1-5",
                "''|0-1-5|BEHIND|0-1-5",
                "0-1-6|0-1-5|AHEAD|0-1-6",
                "0-2-6|0-1-5|AHEAD|0-2-6",
                "0-1-9|0-1-10|BEHIND|0-1-10",
                "0-1-5,1-1-3|0-1-5|AHEAD|0-1-5,1-1-3",
                "0-1-5,1-1-3|1-1-3,0-1-5|SAME|0-1-5,1-1-3",
                "0-1-6|0-1-5,1-1-3|DIVERGED|0-1-6,1-1-3",
                // The same place in history, written by two: a fork, not a tie.
                "0-2-5|0-1-5|DIVERGED|*",
            })
    void mariaDb(String one, String other, Standing standing, String union) {
        check(Dialects.MARIADB, one, other, standing, union);
    }

    @ParameterizedTest(name = "{0} to {1} is {2}, together {3}")
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "''|''|SAME|''",
                "A:1-5|A:1-5|SAME|A:1-5",
                "A:1-5|A:1-3|AHEAD|A:1-5",
                "A:1-3:5|A:1-5|BEHIND|A:1-5",
                "A:1-3:5|A:4|DIVERGED|A:1-5",
                "A:1-5,B:1|A:1-5|AHEAD|A:1-5,B:1",
                "A:1-5|B:1-5|DIVERGED|A:1-5,B:1-5",
                "A:1:2:3|A:1-3|SAME|A:1-3",
                "A:1-5:tag:1-2|A:1-5|AHEAD|A:1-5,A:tag:1-2",
            })
    void mySql(String one, String other, Standing standing, String union) {
        check(Dialects.MYSQL, uuids(one), uuids(other), standing, uuids(union));
    }

    private static void check(Dialect dialect, String one, String other, Standing standing, String union) {
        Position first = dialect.position(one);
        Position second = dialect.position(other);
        assertThat(dialect.compare(first, second)).isEqualTo(standing);
        assertThat(dialect.compare(second, first))
                .isEqualTo(
                        switch (standing) {
                            case AHEAD -> Standing.BEHIND;
                            case BEHIND -> Standing.AHEAD;
                            default -> standing;
                        });
        assertThat(first.equals(second)).isEqualTo(standing == Standing.SAME);
        if (!union.equals("*")) {
            assertThat(dialect.union(first, second).text()).isEqualTo(union);
            assertThat(dialect.union(second, first).text()).isEqualTo(union);
        }
    }

    @Test
    void mySqlReadsSetsThatAreBrokenIntoLines() {
        assertThat(Dialects.MYSQL
                        .position(A.toUpperCase(java.util.Locale.ROOT) + ":1-3,\n" + B + ":7")
                        .text())
                .isEqualTo(A + ":1-3," + B + ":7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-1", "0-1-x", "0-1-5'; DROP TABLE t", "a:1"})
    void rubbishIsNoPosition(String text) {
        assertThatThrownBy(() -> Dialects.MARIADB.position(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Dialects.MYSQL.position(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Dialects.MYSQL.position(A + ":5-3")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{5}")
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "0-1-22|0-1-22|0-1-21,0-2-30|''|0-1-22|killed with a write nobody has",
                "0-1-21|0-1-21|0-1-21,0-2-30|''|''|killed with nothing of its own",
                "0-1-20|0-1-20|0-1-21,0-2-30|''|''|behind",
                "0-2-30|0-1-21,0-2-30|0-1-21,0-2-30|''|''|caught up",
                "0-1-21|0-1-21|0-2-30|0-1-21|''|reference was seeded by a dump at that very write",
                "0-1-21|0-1-21|0-2-30|''|0-1-21|reference cannot show that it has it",
                "0-2-30|0-1-22,0-2-30|0-1-21,0-2-30|''|0-1-22|errant once and written over since",
                "0-2-30|0-9-3,0-2-30|0-2-30|0-2-20|''|older writers are unknown to a seeded reference",
                "''|''|0-1-21|''|''|empty",
            })
    void mariaDbErrant(String executed, String recorded, String known, String seeded, String errant, String name) {
        Dialect dialect = Dialects.MARIADB;
        assertThat(dialect.errant(
                                new History(dialect.position(executed), new Position(recorded), dialect.position("")),
                                new History(dialect.position(known), new Position(known), dialect.position(seeded)))
                        .text())
                .as(name)
                .isEqualTo(errant);
    }

    @Test
    void mySqlErrantIsTheDifference() {
        assertThat(errant(A + ":1-9", A + ":1-7," + B + ":1")).isEqualTo(A + ":8-9");
        assertThat(errant(A + ":1-7", A + ":1-7," + B + ":1")).isEmpty();
    }

    private static String errant(String own, String reference) {
        Position mine = Dialects.MYSQL.position(own);
        Position theirs = Dialects.MYSQL.position(reference);
        return Dialects.MYSQL
                .errant(new History(mine, mine, mine), new History(theirs, theirs, theirs))
                .text();
    }

    private static String uuids(String text) {
        return text.replace("A", A).replace("B", B);
    }
}
