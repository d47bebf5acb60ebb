package com.foobar.database.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.model.Claim;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Solo;
import com.foobar.database.model.Term;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecordJsonTest {
    private static final ClusterRecord FULL = new ClusterRecord(
            "shop \"one\"",
            17,
            new Epoch(3),
            new NodeName("db1"),
            new TreeMap<>(Map.of(
                    new NodeName("db2"),
                    new Generation("b1-77", new Epoch(3), 2),
                    new NodeName("db3"),
                    Generation.UNKNOWN)),
            GtidPosition.parse("0-1-100,0-2-18446744073709551615"),
            false,
            Solo.ENDING,
            new Claim(new Epoch(5), new Term(9)),
            new TreeSet<>(Set.of(new NodeName("db1"))),
            true);

    static Stream<ClusterRecord> records() {
        return Stream.of(
                FULL,
                FULL.admitting(new NodeName("db1")).inMaintenance(false),
                ClusterRecord.founding("shop", new NodeName("db1"), GtidPosition.EMPTY));
    }

    @ParameterizedTest
    @MethodSource("records")
    void whatIsWrittenIsReadAsItWas(ClusterRecord record) throws Exception {
        assertThat(RecordJson.read(RecordJson.write(record))).isEqualTo(record);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"format\":1            | \"format\":2                | run the newer program",
                "\"closed\":false        | \"closed\":null             | record.closed is null",
                "\"closed\":false        | \"closed\":false,\"more\":1 | has the keys",
                "\"maintenance\":true    | \"maintenence\":true        | has the keys",
                "\"version\":17          | \"version\":\"17\"          | record.version is 17",
                "\"solo\":\"ENDING\"     | \"solo\":\"MAYBE\"          | MAYBE",
                "0-1-100                 | 0-1                         | 0-1",
                "\"mariadb\"             | \"mysql\"                   | positions of mysql",
                "[\"db1\"]               | [\"db1\",\"db1\"]           | different names",
                "\"starts\":2            | \"starts\":2.5              | starts is 2.5",
                "\"term\":9              | \"term\":-9                 | never negative",
            })
    void anythingElseIsRefusedByName(String good, String bad, String why) {
        String text = RecordJson.write(FULL);
        assertThat(text).contains(good);
        assertThatThrownBy(() -> RecordJson.read(text.replace(good, bad)))
                .isInstanceOf(UnreadableRecord.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[]", "17", "{", "''"})
    void whatIsNoRecordIsRefused(String text) {
        assertThatThrownBy(() -> RecordJson.read(text)).isInstanceOf(UnreadableRecord.class);
    }
}
