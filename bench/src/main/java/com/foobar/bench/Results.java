package com.foobar.bench;

import com.foobar.bench.page.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The measurement as a page: always the same lines in the same order, so that two pages can be compared line by line. */
record Results(Options options, Machine machine, Instant now, Samples samples, Map<String, String> absent) {

    private static final String NONE = "—";
    private static final double MIB = 1024.0 * 1024.0;
    private static final double NANOS_PER_MILLI = 1e6;

    private static final String READING =
            """
            How to read it: **CPU s/100k**, the CPU seconds that all processes of a contender spend on 100 000 requests, is the
            figure to trust, and *× haproxy* (or another name) beside it the one to compare (below 1 is cheaper). Load generator, contender and backends
            share the cores, so requests/s move from run to run and are capped by the generator. Figures are medians of the rounds,
            and those beside a *×* the medians of each round's ratio, since a shared machine is quicker in one round than in the next;
            *spread* is the lowest and highest round. RSS is taken right after the load and counts pages shared by several
            processes in each of them. Latencies are counted from the moment a request should have been sent; *generator* is the p99 of
            how late the generator itself was, and what is smaller than that cannot be told apart.
            """;

    String markdown(List<Contender> contenders) {
        List<String> lines = new ArrayList<>();
        lines.add("# Side by side: foobar, haproxy, nginx, Tomcat");
        lines.add("");
        lines.add(
                "Written by `bench/run`; do not edit. "
                        + now.atZone(ZoneOffset.UTC).toLocalDate() + ", "
                        + machine.sentence() + ". " + options.rounds() + " interleaved rounds of "
                        + options.length().toSeconds() + " s per run, warm-up up to "
                        + options.warmUp().toSeconds()
                        + " s per group (half of it by few connections, so that a JVM's compilers get their share of the cores), all on loopback.");
        lines.add("");
        lines.addAll(READING.lines().toList());
        lines.add("");
        lines.add("## Contenders");
        lines.add("");
        for (Contender contender : contenders) {
            lines.add("* **" + contender.name() + "**: " + String.join("; ", contender.description()) + ".");
        }
        absent.forEach((name, reason) -> lines.add("* **" + name + "** was left out: " + reason));
        lines.add("");
        lines.add(
                "Backends for all: two nginx of one worker, answering from memory (200 bytes) and by sendfile (64 KiB, 1 MiB).");
        if (options.scenarios().stream().anyMatch(Scenario::needsDatabase)) {
            lines.add("One database server for all application servers, with " + Row.ROWS
                    + " rows in memory; its CPU time is nobody's.");
        }
        for (Scenario.Group group : Scenario.Group.values()) {
            group(group, contenders, lines);
        }
        return String.join("\n", lines) + "\n";
    }

    private void group(Scenario.Group group, List<Contender> contenders, List<String> lines) {
        List<Scenario> scenarios = options.scenarios().stream()
                .filter(scenario -> scenario.group() == group)
                .toList();
        if (scenarios.isEmpty()) {
            return;
        }
        lines.addAll(List.of("", "## " + group.title(), ""));
        for (Scenario scenario : scenarios) {
            lines.add("* `" + scenario.name() + "`: " + scenario.load().description() + ", `" + scenario.path() + "`");
        }
        lines.add("");
        table(scenarios, contenders, group == Scenario.Group.LATENCY, lines);
        List<String> notes = failures(scenarios, contenders);
        if (!notes.isEmpty()) {
            lines.add("");
            lines.addAll(notes);
        }
    }

    private void table(List<Scenario> scenarios, List<Contender> contenders, boolean latency, List<String> lines) {
        String yardstick = scenarios.get(0).group().tier().yardstick();
        String measured = latency
                ? "p50 ms | p99 ms | × " + yardstick + " | p99.9 ms | generator ms"
                : "requests/s | × " + yardstick;
        lines.add("| scenario | contender | " + measured + " | CPU s/100k | × " + yardstick + " | spread | RSS MiB |");
        lines.add("|---|---|" + "---:|".repeat(latency ? 9 : 6));
        for (Scenario scenario : scenarios) {
            for (Contender contender : able(contenders, scenario)) {
                lines.add(row(scenario, contender.name(), latency));
            }
        }
    }

    private static List<Contender> able(List<Contender> contenders, Scenario scenario) {
        return contenders.stream()
                .filter(one -> one.does(scenario.group().tier()))
                .toList();
    }

    private List<String> failures(List<Scenario> scenarios, List<Contender> contenders) {
        List<String> notes = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            for (Contender contender : contenders) {
                samples.failure(scenario, contender.name())
                        .ifPresent(reason ->
                                notes.add("* `" + scenario.name() + "` of " + contender.name() + " failed: " + reason));
            }
        }
        return notes;
    }

    private String row(Scenario scenario, String contender, boolean latency) {
        List<String> cells = new ArrayList<>(List.of(scenario.name(), contender));
        if (latency) {
            cells.add(cell("%.2f", scenario, contender, Results::p50));
            cells.add(cell("%.2f", scenario, contender, Results::p99));
            cells.add(ratio(scenario, contender, Results::p99));
            cells.add(cell("%.2f", scenario, contender, Results::p999));
            cells.add(cell("%.2f", scenario, contender, Results::generator));
        } else {
            cells.add(cell("%.0f", scenario, contender, Sample::perSecond));
            cells.add(ratio(scenario, contender, Sample::perSecond));
        }
        cells.add(cell("%.2f", scenario, contender, Sample::cpuSecondsPer100k));
        cells.add(ratio(scenario, contender, Sample::cpuSecondsPer100k));
        cells.add(samples.figure(scenario, contender, Sample::cpuSecondsPer100k)
                .map(figure -> text("%.2f–%.2f", figure.lowest(), figure.highest()))
                .orElse(NONE));
        cells.add(cell("%.0f", scenario, contender, sample -> sample.residentBytes() / MIB));
        return "| " + String.join(" | ", cells) + " |";
    }

    private String cell(String format, Scenario scenario, String contender, ToDoubleFunction<Sample> value) {
        return samples.figure(scenario, contender, value)
                .map(figure -> text(format, figure.median()))
                .orElse(NONE);
    }

    private String ratio(Scenario scenario, String contender, ToDoubleFunction<Sample> value) {
        return samples.ratio(scenario, contender, scenario.group().tier().yardstick(), value)
                .map(figure -> text("%.2f", figure.median()))
                .orElse(NONE);
    }

    private static double p50(Sample sample) {
        return sample.latency().orElseThrow().p50().toNanos() / NANOS_PER_MILLI;
    }

    private static double p99(Sample sample) {
        return sample.latency().orElseThrow().p99().toNanos() / NANOS_PER_MILLI;
    }

    private static double p999(Sample sample) {
        return sample.latency().orElseThrow().p999().toNanos() / NANOS_PER_MILLI;
    }

    private static double generator(Sample sample) {
        return sample.latency().orElseThrow().generator().toNanos() / NANOS_PER_MILLI;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
