package com.foobar.bench.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** The result table. */
final class ChaosPage {
    private static final List<String> PARTS = parts();

    private ChaosPage() {}

    private static List<String> parts() {
        List<String> parts = new ArrayList<>(List.of("detect"));
        parts.addAll(Stages.NAMES.values());
        parts.add("swap");
        return parts;
    }

    /**
     * @param setting lines that say on what and how it was measured
     */
    static String write(List<String> setting, List<Round> rounds) {
        StringBuilder page = new StringBuilder(
                """
                # The database cluster under faults

                Written by `bench/chaos`, which runs it all again. Each round: the cluster is whole, one fault, the cluster is whole again; then
                every write that was acknowledged since the beginning must be in the primary's tables, and all nodes must have equal checksums.
                **lost**: acknowledged writes that are not there. **out of turn**: a node acknowledged a write that was sent to it after its
                successor's first (two primaries, or a deposed one). **not whole**: not all nodes in their places after 60 s.
                Gaps are from the last acknowledgement before to the first after, over all four writers, in milliseconds;
                **load** is the machine's load average of the last minute: above the number of processors, times say as much about that.

                """);
        setting.forEach(line -> page.append("* ").append(line).append('\n'));
        page.append("\n## Verdict\n\n");
        page.append(
                header(
                        "| fault | rounds | lost | out of turn | not equal | not whole | gap min | median | p95 | max | longest allowed |"));
        each(rounds, (fault, some) -> page.append(verdict(fault, some)));
        page.append(
                "\n## Where the time goes\n\nMedians in ms over the rounds in which one failover was seen whole, from the"
                        + " coordinator's events (1 ms resolution); repoint is until a replica acknowledges to the new primary, swap from then to the first"
                        + " acknowledgement. A part that takes less than the pause between two looks is not seen.\n\n");
        page.append("| fault | seen | ").append(String.join(" | ", PARTS)).append(" |\n|---|---|");
        page.append("---|".repeat(PARTS.size())).append('\n');
        each(rounds, (fault, some) -> page.append(times(fault, some)));
        page.append(
                "\n## Rounds\n\nThe seed chooses the moment and the victims: `bench/chaos --seed N` of the first line repeats them.\n\n");
        page.append(
                header(
                        "| fault | round | seed | what was done | primary | gap ms | whole after ms | writes | canaries | unknown | failed | load |"));
        rounds.forEach(round -> page.append(line(round)));
        violations(rounds, page);
        return page.toString();
    }

    private static String header(String columns) {
        return columns + "\n" + "|---".repeat(columns.split("[|]", -1).length - 2) + "|\n";
    }

    private interface Row {
        void of(Fault fault, List<Round> rounds);
    }

    private static void each(List<Round> rounds, Row row) {
        for (Fault fault : Fault.values()) {
            List<Round> some =
                    rounds.stream().filter(round -> round.fault() == fault).toList();
            if (!some.isEmpty()) {
                row.of(fault, some);
            }
        }
    }

    private static String verdict(Fault fault, List<Round> rounds) {
        Figures gaps = figures(rounds, Round::gap);
        return "| " + fault.sentence() + " | " + rounds.size() + " | " + with(rounds, "LOST") + " | "
                + with(rounds, "ACKNOWLEDGED OUT OF TURN") + " | " + with(rounds, "NOT EQUAL") + " | "
                + (with(rounds, "NOT WHOLE") + with(rounds, "NO WRITES")) + " | " + gaps.ms(0) + " | " + gaps.ms(50)
                + " | " + gaps.ms(95) + " | " + gaps.ms(100) + " | "
                + fault.longestGap().toMillis() + " |\n";
    }

    private static String times(Fault fault, List<Round> rounds) {
        List<Round> seen =
                rounds.stream().filter(round -> !round.parts().isEmpty()).toList();
        StringBuilder line = new StringBuilder("| " + fault.word() + " | " + seen.size() + " |");
        for (String part : PARTS) {
            Figures figures = new Figures(seen.stream()
                    .map(round -> round.parts().get(part))
                    .filter(Objects::nonNull)
                    .toList());
            line.append(' ').append(figures.ms(50)).append(" |");
        }
        return line.append('\n').toString();
    }

    private static String line(Round round) {
        return "| " + round.fault().word() + " | " + round.number() + " | " + round.seed() + " | " + round.note()
                + " | "
                + round.primary() + " → " + (round.after().isEmpty() ? "nobody" : round.after()) + " | "
                + round.gap().toMillis() + " | " + round.whole().toMillis() + " | " + round.writes() + " | "
                + round.canaries() + " | " + round.unknown() + " | " + round.failed() + " | "
                + Math.round(round.load()) + " |\n";
    }

    private static void violations(List<Round> rounds, StringBuilder page) {
        List<Round> bad = rounds.stream().filter(round -> !round.isGood()).toList();
        page.append("\n## Violations\n\n").append(bad.isEmpty() ? "None.\n" : "");
        for (Round round : bad) {
            round.violations().forEach(what -> page.append("* ")
                    .append(round.fault().word())
                    .append(' ')
                    .append(round.number())
                    .append(", seed ")
                    .append(round.seed())
                    .append(": ")
                    .append(what)
                    .append('\n'));
        }
    }

    private static Figures figures(List<Round> rounds, Function<Round, Duration> length) {
        return new Figures(rounds.stream().map(length).toList());
    }

    private static long with(List<Round> rounds, String violation) {
        return rounds.stream()
                .filter(round -> round.violations().stream().anyMatch(what -> what.startsWith(violation)))
                .count();
    }
}
