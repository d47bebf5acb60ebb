package com.foobar.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordsFormatTest {

    /** Beyond the 64 kB of writeUTF, and not ASCII. */
    private static final String LONG = "Grün".repeat(30_000);

    static Stream<Written> answers() {
        return Stream.of(
                new Written.Done(1),
                new Written.Conflict(0),
                new Written.Deposed(Long.MAX_VALUE),
                new Written.Unknown("because"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersComeBackAsTheyWere(Written answer) throws Exception {
        assertThat(RecordsFormat.answer(RecordsFormat.bytes(answer))).isEqualTo(answer);
    }

    @Test
    void writesAndSnapshotsComeBackAsTheyWere() throws Exception {
        Records.Write write = new Records.Write("cluster", 7, LONG, 3);
        assertThat(RecordsFormat.write(RecordsFormat.bytes(write))).isEqualTo(write);
        Records records = new Records(Map.of("a", new Records.Kept(1, ""), "b", new Records.Kept(2, LONG)));
        assertThat(RecordsFormat.records(RecordsFormat.bytes(records))).isEqualTo(records);
        assertThat(RecordsFormat.records(RecordsFormat.bytes(Records.NONE))).isEqualTo(Records.NONE);
    }

    @Test
    void refusesANewerFormatAndATornOne() {
        byte[] bytes = RecordsFormat.bytes(new Records.Write("cluster", 7, "content", 3));
        byte[] torn = Arrays.copyOf(bytes, bytes.length - 1);
        assertThatThrownBy(() -> RecordsFormat.write(torn)).isInstanceOf(IOException.class);
        bytes[0] = 2;
        assertThatThrownBy(() -> RecordsFormat.write(bytes)).hasMessageContaining("format 2 of a newer release");
    }
}
