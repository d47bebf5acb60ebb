package com.foobar.database.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.keeper.LogAge.BinaryLog;
import com.foobar.database.keeper.LogAge.Surroundings;
import com.foobar.database.model.GtidPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Four logs of ten transactions each, ended 5, 4, 1 and 0 days ago; kept for three days. */
class LogAgeTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static final List<BinaryLog> LOGS =
            List.of(log(1, "", 5), log(2, "0-1-10", 4), log(3, "0-1-10,0-2-20", 1), log(4, "0-1-30,0-2-20", 0));

    private static BinaryLog log(int number, String before, int daysAgo) {
        return new BinaryLog("binlog." + number, GtidPosition.parse(before), NOW.minus(Duration.ofDays(daysAgo)));
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("all have all: the old ones go", "0-1-39,0-2-20", true, false, "binlog.3"),
                Arguments.of("one has to fetch from the second", "0-1-10,0-2-15", true, false, "binlog.2"),
                Arguments.of("one has not all of the first", "0-1-9", true, false, ""),
                Arguments.of("one has nothing", "", true, false, ""),
                Arguments.of("somebody is away", "0-1-39,0-2-20", false, false, ""),
                Arguments.of("somebody is away, and the disk is short", "0-1-39,0-2-20", false, true, "binlog.4"),
                Arguments.of("the disk is short: the young ones go too", "0-1-39,0-2-20", true, true, "binlog.4"),
                Arguments.of("the disk is short, and one is behind", "0-1-10,0-2-20", true, true, "binlog.3"),
                Arguments.of("the disk is short, and one has nothing", "", true, true, ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theFirstToStay(String what, String applied, boolean complete, boolean isShort, String stays) {
        Surroundings now = new Surroundings(GtidPosition.parse(applied), complete, isShort, NOW, Duration.ofDays(3));
        assertThat(LogAge.firstToStay(LOGS, now).orElse("")).isEqualTo(stays);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(ints = {0, 1})
    void theOneThatIsWrittenToStays(int many) {
        Surroundings now =
                new Surroundings(GtidPosition.parse("0-1-99"), true, true, NOW.plus(Duration.ofDays(9)), Duration.ZERO);
        assertThat(LogAge.firstToStay(LOGS.subList(0, many), now)).isEmpty();
    }
}
