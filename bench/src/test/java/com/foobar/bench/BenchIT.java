package com.foobar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.Tools;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The smallest possible measurement, so that the bench does not rot between the real ones. */
class BenchIT {

    private static final Path ROOT = Path.of("..");

    private static final Pattern ROW = Pattern.compile(
            "^\\| (\\S+) \\| (\\S+) \\| (\\d+) \\| [0-9.]+ \\| ([0-9.]+) \\| [0-9.]+ \\| \\S+ \\| (\\d+) \\|$",
            Pattern.MULTILINE);

    @Test
    void haproxyAndNginxAreMeasuredSideBySide() {
        List.of("wrk", "haproxy", "nginx").forEach(tool -> {
            Path unused = Tools.require(tool);
        });
        String page = page("plain-64", "haproxy,nginx");

        assertRows(page, "plain-64 haproxy", "plain-64 nginx");
    }

    @Test
    void tomcatIsMeasuredAloneAndBehindBoth() {
        List.of("wrk", "haproxy", "nginx").forEach(tool -> {
            Path unused = Tools.require(tool);
        });

        assertRows(
                page("hello,chain-hello", "tomcat,haproxy-nginx-tomcat"),
                "hello tomcat",
                "chain-hello haproxy-nginx-tomcat");
    }

    @Test
    void everybodyAsksOneDatabase() {
        Path unused = Tools.require("wrk");
        if (!Files.isDirectory(ROOT.resolve("launcher/target/lib/db"))) {
            Tools.missing("no database server beside the launcher; build the launcher first");
        }

        assertRows(page("jdbc", "tomcat"), "jdbc tomcat");
    }

    private static String page(String scenarios, String contenders) {
        Options options = Options.parse(ROOT, List.of("--smoke", "--only", scenarios, "--contenders", contenders));
        try (SystemTime time = new SystemTime("bench")) {
            return new Bench(options, time, new PrintStream(OutputStream.nullOutputStream())).run();
        }
    }

    private static void assertRows(String page, String... wanted) {
        List<MatchResult> rows = ROW.matcher(page).results().toList();
        assertThat(rows)
                .as(page)
                .extracting(row -> row.group(1) + " " + row.group(2))
                .containsExactly(wanted);
        assertThat(rows).as(page).allSatisfy(row -> {
            assertThat(Integer.parseInt(row.group(3))).as("requests/s").isGreaterThan(100);
            assertThat(Double.parseDouble(row.group(4))).as("CPU s/100k").isPositive();
            assertThat(Integer.parseInt(row.group(5))).as("RSS MiB").isPositive();
        });
    }
}
