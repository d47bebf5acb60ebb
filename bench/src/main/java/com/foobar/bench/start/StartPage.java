package com.foobar.bench.start;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The result table. */
final class StartPage {
    private static final double MIB = 1024.0 * 1024.0;

    private StartPage() {}

    /**
     * @param first of each recipe by its name, in the order of the page: with neither data nor an unpacked engine
     * @param later the same on the data of a first one
     */
    static String write(String machine, Map<String, List<Took>> first, Map<String, List<Took>> later) {
        StringBuilder page = new StringBuilder(
                """
                # From `java -jar` to the first acknowledged write

                Written by `bench/start`; do not edit. One primary and two replicas (`strict`, `durable`), three voters and all keepers in one JVM:
                `launcher.jar --role db`, a cold JVM each time. *very first*: no data, the engine not unpacked. A write counts when a replica has
                acknowledged it. CPU: of the program and its three servers until then. Memory: two seconds later, the largest of the servers.
                The one who asks shares the processors. Median (lowest–highest).

                """);
        page.append(machine).append("\n\n");
        page.append(
                "| started by | | starts | first server listens, s | first acknowledged write, s | CPU s | JVM MiB | each server MiB |\n");
        page.append("|---|---|---:|---:|---:|---:|---:|---:|\n");
        later.forEach((name, starts) -> {
            List<Took> fresh = first.getOrDefault(name, List.of());
            if (!fresh.isEmpty()) {
                page.append(line(name, "very first", fresh));
            }
            page.append(line(name, "later", starts));
        });
        return page.toString();
    }

    private static String line(String name, String when, List<Took> starts) {
        return "| " + name + " | " + when + " | " + starts.size()
                + " | " + figure(starts, one -> seconds(one.listening()))
                + " | " + figure(starts, one -> seconds(one.writing()))
                + " | " + figure(starts, one -> seconds(one.cpu()))
                + " | " + memory(starts, Took::program)
                + " | " + memory(starts, Took::server) + " |\n";
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private static String figure(List<Took> starts, Function<Took, Double> of) {
        List<Double> sorted = starts.stream().map(of).sorted().toList();
        return String.format(
                Locale.ROOT,
                "%.1f (%.1f–%.1f)",
                sorted.get((sorted.size() - 1) / 2),
                sorted.get(0),
                sorted.get(sorted.size() - 1));
    }

    private static String memory(List<Took> starts, Function<Took, Long> of) {
        List<Long> sorted = starts.stream().map(of).sorted().toList();
        return String.format(Locale.ROOT, "%.0f", sorted.get((sorted.size() - 1) / 2) / MIB);
    }
}
