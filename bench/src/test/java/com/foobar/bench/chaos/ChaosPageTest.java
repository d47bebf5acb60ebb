package com.foobar.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosPageTest {

    private static Round round(int number, long gap, String... violations) {
        return new Round(
                Fault.KILL,
                number,
                40 + number,
                "db1",
                "db1 killed",
                "db2",
                Duration.ofMillis(gap),
                Duration.ofMillis(900),
                Map.of("detect", Duration.ofMillis(gap / 2)),
                300,
                50,
                4,
                0,
                1.4,
                0,
                List.of(violations));
    }

    @Test
    void goodRoundsAreCountedWithTheirFigures() {
        String page = ChaosPage.write(List.of("seed 1"), List.of(round(1, 200), round(2, 400), round(3, 300)));
        assertThat(page)
                .contains("| kill −9 of the primary's server | 3 | 0 | 0 | 0 | 0 | 200 | 300 | 400 | 400 | 1500 |")
                .contains("| kill | 3 | 150 | – |")
                .contains("| kill | 2 | 42 | db1 killed | db1 → db2 | 400 | 900 |")
                .contains("None.");
    }

    @Test
    void aViolationIsCountedAndNamedWithItsSeed() {
        String page = ChaosPage.write(
                List.of("seed 1"),
                List.of(round(1, 200), round(2, 400, "LOST: 1 of 9 acknowledged writes are not in chaos_ledger")));
        assertThat(page)
                .contains("| kill −9 of the primary's server | 2 | 1 | 0 | 0 | 0 |")
                .contains("* kill 2, seed 42: LOST: 1 of 9")
                .doesNotContain("None.");
    }

    @Test
    void booksAreReadAsFarAsTheirLinesAreWhole(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("some.books");
        Books books = new Books(file);
        books.look();
        BookKeeper keeper = new BookKeeper(file);
        keeper.acknowledged(new Ack(7, "", 100, 110));
        keeper.unknown(8);
        keeper.failed(new IllegalStateException("no primary\nand more"));
        Files.writeString(file, "A 9 db1 1", StandardOpenOption.APPEND);
        books.look();
        assertThat(books.acks()).containsExactly(new Ack(7, "", 100, 110));
        assertThat(books.unknown()).isEqualTo(1);
        assertThat(books.failed()).isEqualTo(1);
        Files.writeString(file, "20 130\n", StandardOpenOption.APPEND);
        books.look();
        assertThat(books.since(115)).containsExactly(new Ack(9, "db1", 120, 130));
    }
}
