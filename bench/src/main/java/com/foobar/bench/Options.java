package com.foobar.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one measurement shall be. The longest possible one ends within minutes that can be counted from here: scenarios ×
 * contenders × rounds × length, and the warm-ups.
 *
 * @param warmUp at most so long per contender and group
 * @param root the repository
 */
record Options(
        int rounds,
        Duration length,
        Duration warmUp,
        List<Scenario> scenarios,
        List<String> contenders,
        Path out,
        Path root) {

    private static final List<String> CONTENDERS = List.of(
            Haproxy.NAME,
            Nginx.NAME,
            Foobar.NAME,
            FoobarWeb.NAME,
            Tomcat.NAME,
            ProxiedTomcat.NAME,
            FoobarTiers.APP,
            FoobarTiers.WEB_APP,
            FoobarTiers.ALL);

    static final String USAGE =
            """
            bench/run [--rounds N] [--seconds S] [--warm-up S] [--only SCENARIO,…] [--contenders NAME,…] [--out FILE] [--smoke]
            bench/run --jmh [JMH OPTIONS]
              --rounds N       rounds over all contenders (5, at most 50)
              --seconds S      length of each run (5, at most 120)
              --warm-up S      at most so long before each group of scenarios (60); natively compiled contenders take 2
              --only LIST      of the scenarios %s;
                               chain stands for all that begin with chain-, and so on
              --contenders LIST  of %s
              --out FILE       default: bench/RESULTS.md, or bench/target/RESULTS.md when anything was left out
              --smoke          1 round of 2 s with a warm-up of 1 s: shows that the bench works, not how fast anything is
              --jmh            the microbenchmarks instead, into bench/JMH.txt
            """
                    .formatted(
                            String.join(
                                    ", ",
                                    Scenario.ALL.stream().map(Scenario::name).toList()),
                            String.join(", ", CONTENDERS));

    private static final int MOST_ROUNDS = 50;
    private static final int LONGEST_SECONDS = 120;

    Options {
        scenarios = List.copyOf(scenarios);
        contenders = List.copyOf(contenders);
    }

    /** @param root the repository */
    static Options parse(Path root, List<String> arguments) {
        int rounds = 5;
        int seconds = 5;
        int warmUp = 60;
        boolean smoke = false;
        List<Scenario> scenarios = Scenario.ALL;
        List<String> contenders = CONTENDERS;
        @Nullable Path out = null;
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String option = left.removeFirst();
            switch (option) {
                case "--rounds" -> rounds = number(option, left, MOST_ROUNDS);
                case "--seconds" -> seconds = number(option, left, LONGEST_SECONDS);
                case "--warm-up" -> warmUp = number(option, left, LONGEST_SECONDS);
                case "--only" -> scenarios = some(option, left, Scenario.ALL, Scenario::name, Options::isOrBegins);
                case "--contenders" -> contenders = some(option, left, CONTENDERS, name -> name, String::equals);
                case "--out" -> out = Path.of(value(option, left));
                case "--smoke" -> smoke = true;
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        if (smoke) {
            rounds = 1;
            seconds = 2;
            warmUp = 1;
        }
        boolean complete = !smoke && scenarios.size() == Scenario.ALL.size() && contenders.size() == CONTENDERS.size();
        Path bench = root.resolve("bench");
        return new Options(
                rounds,
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(warmUp),
                scenarios,
                contenders,
                out != null ? out : (complete ? bench : bench.resolve("target")).resolve("RESULTS.md"),
                root);
    }

    Path jar() {
        return root.resolve("launcher/target/launcher.jar");
    }

    private static String value(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return left.removeFirst();
    }

    private static int number(String option, Deque<String> left, int most) {
        String value = value(option, left);
        if (!value.matches("[0-9]{1,3}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > most) {
            throw new IllegalArgumentException(option + " " + value + ": expected 1 to " + most);
        }
        return Integer.parseInt(value);
    }

    /** A family of scenarios goes by the word that all their names begin with. */
    private static boolean isOrBegins(String word, String name) {
        return name.equals(word) || name.startsWith(word + "-");
    }

    /** In the order of the table whatever the order of the words: results are compared line by line. */
    private static <T> List<T> some(
            String option,
            Deque<String> left,
            List<T> all,
            Function<T, String> name,
            BiPredicate<String, String> means) {
        List<String> words = List.of(value(option, left).split(",", -1));
        List<String> unknown = new ArrayList<>(words);
        unknown.removeIf(word -> all.stream().anyMatch(one -> means.test(word, name.apply(one))));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(option + " " + String.join(",", unknown) + ": expected some of "
                    + String.join(", ", all.stream().map(name).toList()));
        }
        return all.stream()
                .filter(one -> words.stream().anyMatch(word -> means.test(word, name.apply(one))))
                .toList();
    }
}
