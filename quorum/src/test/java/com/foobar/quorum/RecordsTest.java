package com.foobar.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordsTest {

    private static final Records THREE = new Records(Map.of("cluster", new Records.Kept(3, "third")));

    @ParameterizedTest(name = "{0}: expecting {2} with term {3} under {4} answers {5}({6})")
    @CsvSource({
        "next version,                    cluster, 3, 7, 7, Done,     4",
        "somebody wrote in between,       cluster, 2, 7, 7, Conflict, 3",
        "a version that never was,        cluster, 4, 7, 7, Conflict, 3",
        "as if never written,             cluster, 0, 7, 7, Conflict, 3",
        "never written,                   other,   0, 7, 7, Done,     1",
        "never written but a version,     other,   1, 7, 7, Conflict, 0",
        "an older term,                   cluster, 3, 6, 7, Deposed,  7",
        "a term that is yet to come,      cluster, 3, 8, 7, Deposed,  7",
        "older term and old version both, cluster, 2, 6, 7, Deposed,  7",
    })
    void answersEveryWriteTheSameWay(
            String why, String record, long expected, long term, long leaderTerm, String answer, long number) {
        Records.Change change = THREE.apply(new Records.Write(record, expected, "new", term), leaderTerm);
        assertThat(change.answer()).as(why).isEqualTo(written(answer, number));
        if (answer.equals("Done")) {
            assertThat(change.after().get(record)).isEqualTo(new Records.Kept(number, "new"));
        } else {
            assertThat(change.after()).isEqualTo(THREE);
        }
    }

    @Test
    void takesNoMoreRecordsThanOneSnapshotHolds() {
        Records records = Records.NONE;
        for (int i = 0; i < 64; i++) {
            records = records.apply(new Records.Write("r" + i, 0, "", 1), 1).after();
        }
        Records.Change refused = records.apply(new Records.Write("r64", 0, "", 1), 1);
        assertThat(refused.answer()).isInstanceOf(Written.Unknown.class);
        assertThat(refused.after()).isEqualTo(records);
    }

    @Test
    void refusesARecordTooLargeForOneEntry() {
        String large = "x".repeat(Records.MOST_BYTES + 1);
        assertThatThrownBy(() -> new Records.Write("cluster", 0, large, 1)).hasMessageContaining("cluster is larger");
    }

    private static Written written(String answer, long number) {
        return switch (answer) {
            case "Done" -> new Written.Done(number);
            case "Conflict" -> new Written.Conflict(number);
            default -> new Written.Deposed(number);
        };
    }
}
