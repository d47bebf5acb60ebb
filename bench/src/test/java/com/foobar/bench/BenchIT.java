package com.foobar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.Tools;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The smallest possible measurement, so that the bench does not rot between the real ones. */
class BenchIT {

    private static final Pattern ROW = Pattern.compile(
            "^\\| plain-64 \\| (haproxy|nginx) \\| (\\d+) \\| [0-9.]+ \\| ([0-9.]+) \\| [0-9.]+ \\| \\S+ \\| (\\d+) \\|$",
            Pattern.MULTILINE);

    @Test
    void haproxyAndNginxAreMeasuredSideBySide() {
        List.of("wrk", "haproxy", "nginx").forEach(tool -> {
            Path unused = Tools.require(tool);
        });
        Options options =
                Options.parse(Path.of(".."), List.of("--smoke", "--only", "plain-64", "--contenders", "haproxy,nginx"));
        try (SystemTime time = new SystemTime("bench")) {
            String page = new Bench(options, time, new PrintStream(OutputStream.nullOutputStream())).run();

            List<MatchResult> rows = ROW.matcher(page).results().toList();
            assertThat(rows).as(page).extracting(row -> row.group(1)).containsExactly("haproxy", "nginx");
            assertThat(rows).as(page).allSatisfy(row -> {
                assertThat(Integer.parseInt(row.group(2))).as("requests/s").isGreaterThan(100);
                assertThat(Double.parseDouble(row.group(3))).as("CPU s/100k").isPositive();
                assertThat(Integer.parseInt(row.group(4))).as("RSS MiB").isPositive();
            });
        }
    }
}
