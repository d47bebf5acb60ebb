package com.foobar.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code bench/chaos} starts: the first argument is the repository, the others are its own. */
public final class Chaos {
    private static final String USAGE =
            """
            bench/chaos [--only FAULT,…] [--rounds N] [--seed N] [--out FILE]
              --only LIST   of the faults %s
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
        List<Fault> faults = List.of(Fault.values());
        Optional<Integer> rounds = Optional.empty();
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
                case "--rounds" -> rounds = Optional.of(Integer.valueOf(left.removeFirst()));
                case "--seed" -> seed = Long.parseLong(left.removeFirst());
                case "--out" -> out = Optional.of(Path.of(left.removeFirst()));
                default -> throw new IllegalArgumentException(option + " is unknown\n" + USAGE);
            }
        }
        boolean complete = faults.size() == Fault.values().length && rounds.isEmpty();
        Path page = out.orElse(root.resolve(complete ? "bench/CHAOS.md" : "bench/target/CHAOS.md"));
        Files.writeString(page, measured(root, faults, rounds, seed, page));
        System.out.println("written: " + page);
    }

    private static String measured(Path root, List<Fault> faults, Optional<Integer> rounds, long seed, Path page)
            throws IOException {
        Path folder = Files.createDirectories(root.resolve("bench/target/chaos"))
                .resolve(Long.toString(ProcessHandle.current().pid()));
        Campaign campaign =
                new Campaign(root.resolve("launcher/target/launcher.jar").toAbsolutePath(), folder, seed, System.out);
        List<Round> done = new ArrayList<>();
        String text = "";
        for (Fault fault : faults) {
            System.out.println(fault.word() + ": " + fault.sentence());
            done.addAll(campaign.run(List.of(fault), rounds.orElse(fault.rounds())));
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

    private static List<Fault> some(String words) {
        List<Fault> some = new ArrayList<>();
        for (String word : words.split(",", -1)) {
            some.add(Stream.of(Fault.values())
                    .filter(fault -> fault.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no fault " + word + "\n" + USAGE)));
        }
        return some;
    }
}
