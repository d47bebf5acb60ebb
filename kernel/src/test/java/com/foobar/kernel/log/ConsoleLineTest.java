package com.foobar.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleLineTest {

    private final ConsoleLine plain = new ConsoleLine(ZoneOffset.UTC, false);

    @Test
    void aLineIsTimeLevelOwnerMessage() {
        assertThat(plain.format(Events.info("listening on \"https\"")))
                .isEqualTo("12:03:04.123 INFO  lb1      listening on \"https\"");
    }

    @ParameterizedTest
    @CsvSource({
        "lb1-check-1,           lb1",
        "lb1-io-12,             lb1",
        "db-eu-1-probe-3,       db-eu-1",
        "main,                  foobar",
        "XNIO-1 I/O-1,          foobar",
        "HikariPool-1 housekeeper, foobar",
        "lb1-check,             foobar",
    })
    void theOwnerIsInTheNameOfTheThread(String thread, String owner) {
        assertThat(Owner.ofThread(thread)).isEqualTo(owner);
    }

    @Test
    void whatAStrangerSentCannotForgeALineOrSteerTheTerminal() {
        assertThat(plain.format(Events.info("GET /\r\n12:00 ERROR lb1 \u001b[2Jgone \\n \u202e é 😀")))
                .endsWith("GET /\\r\\n12:00 ERROR lb1 \\u001b[2Jgone \\\\n \\u202e é 😀")
                .hasLineCount(1);
    }

    @Test
    void anExceptionIsOneLinePerCause() {
        Exception thrown = new IllegalStateException("no\nbackend", new IOException("refused"));
        assertThat(plain.format(Events.event(Level.ERROR, "main", "stopped", thrown))
                        .lines())
                .hasSize(3)
                .satisfies(lines -> {
                    assertThat(lines.get(0)).isEqualTo("12:03:04.123 ERROR foobar   stopped");
                    assertThat(lines.get(1))
                            .startsWith("    IllegalStateException: no\\nbackend (ConsoleLineTest.anException")
                            .endsWith(")");
                    assertThat(lines.get(2)).startsWith("    because of IOException: refused (ConsoleLineTest.");
                });
    }

    @Test
    void coloursMarkWhatMatters() {
        ConsoleLine coloured = new ConsoleLine(ZoneOffset.UTC, true);
        assertThat(coloured.format(Events.event(Level.WARN, "main", "hm", null)))
                .contains("\u001b[33mWARN \u001b[0m foobar");
        assertThat(coloured.format(Events.info("fine"))).doesNotContain("\u001b");
        assertThat(plain.format(Events.event(Level.ERROR, "main", "oh", null))).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({
        "true,  ,   xterm, true",
        "true,  '', xterm, true",
        "true,  1,  xterm, false",
        "true,  ,   dumb,  false",
        "true,  ,   ,      false",
        "false, ,   xterm, false"
    })
    void coloursAreForTerminalsThatWantThem(boolean terminal, String noColor, String term, boolean wanted) {
        assertThat(Logs.Options.coloursWanted(terminal, noColor, term)).isEqualTo(wanted);
    }
}
