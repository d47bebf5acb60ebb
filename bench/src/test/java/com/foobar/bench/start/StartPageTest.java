package com.foobar.bench.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartPageTest {

    @Test
    void medianAndSpreadOfEachKindOfStart() {
        String page = StartPage.write(
                "two cores",
                Map.of("JDK 17", List.of(took(4400))),
                Map.of("JDK 17", List.of(took(4100), took(3900), took(4600))));
        assertThat(page)
                .contains("two cores")
                .contains("| JDK 17 | very first | 1 | 2.2 (2.2–2.2) | 4.4 (4.4–4.4) | 8.8 (8.8–8.8) | 180 | 142 |")
                .contains("| JDK 17 | later | 3 | 2.1 (2.0–2.3) | 4.1 (3.9–4.6) | 8.2 (7.8–9.2) | 180 | 142 |");
    }

    private static Took took(long millis) {
        return new Took(
                Duration.ofMillis(millis / 2),
                Duration.ofMillis(millis),
                Duration.ofMillis(millis * 2),
                180L << 20,
                142L << 20);
    }
}
