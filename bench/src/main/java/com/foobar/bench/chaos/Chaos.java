package com.foobar.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code bench/chaos} starts: the first argument is the repository, the others are its own. */
public final class Chaos {
    private static final String USAGE =
            """
            bench/chaos [--only FAULT[:ROUNDS],…] [--rounds N] [--seed N] [--out FILE]
              --only LIST   of the faults %s, in that order, each with a number of rounds if wanted
              --rounds N    rounds of each fault, instead of as many as the issue asks for
              --seed N      chooses the moments and the victims (1)
              --out FILE    default: bench/CHAOS.md, or bench/target/CHAOS.md when anything was left out
            Needs root for network namespaces, iproute2 and nftables.
            """
                    .formatted(String.join(
                            ", ", Stream.of(Fault.values()).map(Fault::word).toList()));

    private Chaos() {}

    /** Runs the rounds and writes the table. */
    public static void main(String[] arguments) throws IOException {
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        Path root = Path.of(left.removeFirst());
        Map<Fault, Integer> faults = some(all());
        int rounds = 0;
        long seed = 1;
        Optional<Path> out = Optional.empty();
        while (!left.isEmpty()) {
            String option = left.removeFirst();
            if (left.isEmpty()) {
                System.out.print(USAGE);
                return;
            }
            switch (option) {
                case "--only" -> faults = some(left.removeFirst());
                case "--rounds" -> rounds = Integer.parseInt(left.removeFirst());
                case "--seed" -> seed = Long.parseLong(left.removeFirst());
                case "--out" -> out = Optional.of(Path.of(left.removeFirst()));
                default -> throw new IllegalArgumentException(option + " is unknown\n" + USAGE);
            }
        }
        if (rounds > 0) {
            int each = rounds;
            faults.replaceAll((fault, usual) -> each);
        }
        boolean complete = faults.equals(some(all()));
        Path page = out.orElse(root.resolve(complete ? "bench/CHAOS.md" : "bench/target/CHAOS.md"));
        Files.writeString(page, measured(root, faults, seed, page));
        System.out.println("written: " + page);
    }

    private static String measured(Path root, Map<Fault, Integer> faults, long seed, Path page) throws IOException {
        Path folder = Files.createDirectories(root.resolve("bench/target/chaos"))
                .resolve(Long.toString(ProcessHandle.current().pid()));
        Campaign campaign =
                new Campaign(root.resolve("launcher/target/launcher.jar").toAbsolutePath(), folder, seed, System.out);
        List<Round> done = new ArrayList<>();
        String text = "";
        for (Map.Entry<Fault, Integer> one : faults.entrySet()) {
            Fault fault = one.getKey();
            System.out.println(fault.word() + ": " + fault.sentence());
            done.addAll(campaign.run(List.of(fault), one.getValue()));
            text = ChaosPage.write(setting(seed), done);
            // After each fault: a run that is ended early has measured something all the same.
            Files.writeString(page, text);
        }
        return text;
    }

    private static List<String> setting(long seed) {
        return List.of(
                "seed " + seed + "; " + Runtime.getRuntime().availableProcessors() + " processors, Java "
                        + Runtime.version() + ", everything on one machine, writers and samplers too",
                "`launcher.jar --role database-cluster` with MariaDB servers of its own, one process with three nodes and three"
                        + " voters, or (cuts, killed and paused programs) three processes in three network namespaces",
                "`durability: durable` (`sync_binlog=1`, `innodb_flush_log_at_trx_commit=1`), `mode: strict`,"
                        + " `minimum-interval: 1s` (as shipped it is 30 s: rounds follow each other faster than faults do), else the defaults",
                "four writers at up to 100 inserts/s each through the application's DataSource with its defaults, in a JVM of its"
                        + " own that polls the admin ports; a sampler that asks every node directly every 20 ms, from inside its own machine");
    }

    private static String all() {
        return String.join(",", Stream.of(Fault.values()).map(Fault::word).toList());
    }

    private static Map<Fault, Integer> some(String words) {
        Map<Fault, Integer> some = new LinkedHashMap<>();
        for (String word : words.split(",", -1)) {
            String[] parts = word.split(":", 2);
            Fault chosen = Stream.of(Fault.values())
                    .filter(fault -> fault.word().equals(parts[0]))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no fault " + word + "\n" + USAGE));
            some.put(chosen, parts.length == 2 ? Integer.parseInt(parts[1]) : chosen.rounds());
        }
        return some;
    }
}
