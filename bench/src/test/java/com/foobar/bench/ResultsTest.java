package com.foobar.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultsTest {

    private static final Path ROOT = Path.of("repository");
    private static final Machine MACHINE = new Machine(2, "a processor", "8.0 GiB", "Linux 6");
    private static final Instant NOW = Instant.parse("2026-11-21T23:59:59Z");

    private final Samples samples = new Samples();

    @Test
    void ratiosAreAgainstHaproxy() {
        add("plain-64", "haproxy", 40_000, 2.0);
        add("plain-64", "haproxy", 42_000, 2.2);
        add("plain-64", "haproxy", 50_000, 1.0);
        add("plain-64", "nginx", 20_000, 1.0);
        add("plain-64", "nginx", 21_000, 1.1);
        add("plain-64", "nginx", 25_000, 0.5);

        assertThat(page("--only", "plain-64"))
                .contains("| plain-64 | haproxy | 42000 | 1.00 | 2.00 | 1.00 | 1.00–2.20 | 64 |")
                .contains("| plain-64 | nginx | 21000 | 0.50 | 1.00 | 0.50 | 0.50–1.10 | 64 |")
                .contains("2026-11-21, 2 cores (a processor), 8.0 GiB of memory, Linux 6.");
    }

    @Test
    void applicationServersAreComparedWithTomcatAndChainsWithTheUsualOne() {
        add("jdbc", "tomcat", 10_000, 8.0);
        add("jdbc", "foobar-web-app", 12_000, 6.0);
        add("chain-jdbc", "haproxy-nginx-tomcat", 5_000, 20.0);
        add("chain-jdbc", "foobar-all", 15_000, 7.0);

        assertThat(page(
                        Options.parse(ROOT, List.of("--only", "jdbc,chain-jdbc")),
                        new Tomcat(),
                        new ProxiedTomcat(),
                        new FoobarTiers(FoobarTiers.Kind.WEB_APP, ROOT),
                        new FoobarTiers(FoobarTiers.Kind.ALL, ROOT)))
                .contains("| jdbc | foobar-web-app | 12000 | 1.20 | 6.00 | 0.75 | 6.00–6.00 | 64 |")
                .contains("| chain-jdbc | foobar-all | 15000 | 3.00 | 7.00 | 0.35 | 7.00–7.00 | 64 |")
                .contains("| scenario | contender | requests/s | × tomcat |", "× haproxy-nginx-tomcat")
                .contains("One database server for all")
                .doesNotContain(
                        "| jdbc | haproxy-nginx-tomcat", "| chain-jdbc | tomcat", "| chain-jdbc | foobar-web-app");
    }

    /** A machine that is half as quick in one round is so for both. */
    @Test
    void ratiosAreOfEachRound() {
        for (double speed : new double[] {1, 0.5, 0.9}) {
            add("plain-64", "haproxy", 40_000 * speed, 2 / speed);
            add("plain-64", "nginx", 30_000 * speed * speed, 1 / speed);
        }

        assertThat(page("--only", "plain-64")).contains("| plain-64 | nginx | 24300 | 0.68 | 1.11 | 0.50 |");
    }

    @Test
    void latenciesHaveTheirOwnColumns() {
        Latency latency = new Latency(
                Duration.ofNanos(200_000), Duration.ofMillis(3), Duration.ofMillis(9), Duration.ofNanos(90_000));
        samples.add(scenario("rate-200b"), "haproxy", new Sample(5_000, 4, 64L << 20, Optional.of(latency)));

        assertThat(page("--only", "rate-200b"))
                .contains("| rate-200b | haproxy | 0.20 | 3.00 | 1.00 | 9.00 | 0.09 | 4.00 | 1.00 | 4.00–4.00 | 64 |");
    }

    /** Good rounds before a failure are no result: they would stand there as if nothing had happened. */
    @Test
    void aFailureIsWrittenInsteadOfFigures() {
        add("plain-64", "nginx", 21_000, 1.0);
        samples.fail(scenario("plain-64"), "nginx", "7 answers were not 2xx");

        assertThat(page("--only", "plain-64"))
                .contains("| plain-64 | nginx | — | — | — | — | — | — |")
                .contains("* `plain-64` of nginx failed: 7 answers were not 2xx");
    }

    @Test
    void whoeverWasLeftOutIsNamed() {
        assertThat(page("--only", "plain-64")).contains("* **foobar** was left out: not built");
    }

    @Test
    void onlyACompleteMeasurementReplacesThePage() {
        assertThat(parse().out()).isEqualTo(ROOT.resolve("bench/RESULTS.md"));
        assertThat(parse("--smoke").out()).isEqualTo(ROOT.resolve("bench/target/RESULTS.md"));
        assertThat(parse("--only", "h2").out()).isEqualTo(ROOT.resolve("bench/target/RESULTS.md"));
        assertThat(parse("--only", "h2", "--out", "x.md").out()).isEqualTo(Path.of("x.md"));
    }

    @Test
    void listsKeepTheOrderOfTheTable() {
        Options options = parse("--only", "h2,plain-8", "--contenders", "nginx,haproxy", "--rounds", "3");

        assertThat(options.scenarios()).extracting(Scenario::name).containsExactly("plain-8", "h2");
        assertThat(options.contenders()).containsExactly("haproxy", "nginx");
        assertThat(options.rounds()).isEqualTo(3);
    }

    /** Of contenders each word means one: foobar is another program than foobar-web. */
    @Test
    void theBeginningOfSeveralNamesStandsForAllOfThem() {
        Options options = parse("--only", "jdbc,chain", "--contenders", "foobar");

        assertThat(options.scenarios()).extracting(Scenario::name).containsExactly("jdbc", "chain-hello", "chain-jdbc");
        assertThat(options.contenders()).containsExactly("foobar");
        assertThatThrownBy(() -> parse("--only", "chai")).hasMessageContaining("chain-hello");
    }

    @Test
    void mistakesAreNamedWithWhatIsExpected() {
        assertThatThrownBy(() -> parse("--only", "plain-9")).hasMessageContainingAll("plain-9", "plain-8");
        assertThatThrownBy(() -> parse("--contenders", "apache")).hasMessageContainingAll("apache", "nginx");
        assertThatThrownBy(() -> parse("--rounds", "0")).hasMessageContaining("1 to 50");
        assertThatThrownBy(() -> parse("--seconds")).hasMessageContaining("--seconds needs a value");
        assertThatThrownBy(() -> parse("--fast")).hasMessageContaining("--fast");
    }

    private void add(String scenario, String contender, double perSecond, double cpu) {
        samples.add(scenario(scenario), contender, new Sample(perSecond, cpu, 64L << 20, Optional.empty()));
    }

    private String page(String... arguments) {
        return page(parse(arguments), new Named("haproxy"), new Named("nginx"));
    }

    private String page(Options options, Contender... contenders) {
        return new Results(options, MACHINE, NOW, samples, Map.of("foobar", "not built")).markdown(List.of(contenders));
    }

    private static Options parse(String... arguments) {
        return Options.parse(ROOT, List.of(arguments));
    }

    private static Scenario scenario(String name) {
        return Scenario.ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private record Named(String name) implements Contender {
        @Override
        public List<String> description() {
            return List.of("some version");
        }

        @Override
        public Duration warmUp() {
            return Duration.ZERO;
        }

        @Override
        public Running start(Bed bed) {
            throw new AssertionError("nothing is started here");
        }
    }
}
