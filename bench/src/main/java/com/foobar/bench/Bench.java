package com.foobar.bench;

import com.foobar.kernel.time.Time;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the measurement: everybody is started once and stays up, so that a JVM keeps what it has learnt; each round visits
 * every scenario, each scenario every contender, and each round begins with another contender.
 */
final class Bench {

    private static final Duration READY = Duration.ofSeconds(30);

    private final Options options;
    private final Time time;
    private final PrintStream out;
    private final Samples samples = new Samples();
    private final Map<String, String> absent = new LinkedHashMap<>();

    Bench(Options options, Time time, PrintStream out) {
        this.options = options;
        this.time = time;
        this.out = out;
    }

    /** The text of the results. */
    String run() {
        List<Contender> contenders = new ArrayList<>();
        for (String name : options.contenders()) {
            contenders.add(contender(name));
        }
        contenders.removeIf(one -> options.scenarios().stream()
                .noneMatch(scenario -> one.does(scenario.group().tier())));
        try (Bed bed = Bed.make(time, databaseOf())) {
            List<Running> running = start(bed, contenders);
            warmUp(bed, running);
            for (int round = 0; round < options.rounds(); round++) {
                round(bed, running, round);
            }
            return new Results(options, Machine.seen(), time.instant(), samples, absent)
                    .markdown(running.stream().map(Running::contender).toList());
        }
    }

    private Optional<Path> databaseOf() {
        return options.scenarios().stream().anyMatch(Scenario::needsDatabase)
                ? Optional.of(options.jar())
                : Optional.empty();
    }

    private Contender contender(String name) {
        return switch (name) {
            case Haproxy.NAME -> new Haproxy();
            case Nginx.NAME -> new Nginx();
            case Foobar.NAME -> new Foobar(options.jar());
            case FoobarWeb.NAME -> new FoobarWeb(options.jar());
            case FoobarTiers.APP -> new FoobarTiers(FoobarTiers.Kind.APP, options.jar());
            case FoobarTiers.WEB_APP -> new FoobarTiers(FoobarTiers.Kind.WEB_APP, options.jar());
            case FoobarTiers.ALL -> new FoobarTiers(FoobarTiers.Kind.ALL, options.jar());
            case Tomcat.NAME -> new Tomcat();
            case ProxiedTomcat.NAME -> new ProxiedTomcat();
            default -> throw new IllegalArgumentException("nobody is called " + name);
        };
    }

    /** Whoever does not get ready is left out, loudly: the others are still worth measuring. */
    private List<Running> start(Bed bed, List<Contender> contenders) {
        List<Running> running = new ArrayList<>();
        for (Contender contender : contenders) {
            try {
                Running started = contender.start(bed);
                started.awaitReady(READY);
                running.add(started);
                say("%s is ready", started.name());
            } catch (LoadFailure | IllegalStateException e) {
                say("!!! LEFT OUT: %s: %s", contender.name(), reason(e));
                absent.put(contender.name(), firstLine(e));
            }
        }
        if (running.isEmpty()) {
            throw new IllegalStateException("no contender got ready, nothing can be measured");
        }
        return running;
    }

    /** Each group has code paths of its own (TLS, HTTP/2, large bodies): a JVM has to learn them one by one, in peace first. */
    private void warmUp(Bed bed, List<Running> running) {
        for (Scenario.Group group : Scenario.Group.values()) {
            for (Scenario scenario : possible(group).stream().limit(1).toList()) {
                for (Running one : able(running, scenario)) {
                    Duration wanted = one.contender().warmUp();
                    Duration length = wanted.compareTo(options.warmUp()) < 0 ? wanted : options.warmUp();
                    say("warming up %s with %s for %d s", one.name(), scenario.name(), length.toSeconds());
                    try {
                        Duration half = length.dividedBy(2);
                        for (Load load : List.of(scenario.load().gently(), scenario.load())) {
                            Outcome unused = load.run(scenario.target(one), half, bed);
                        }
                    } catch (LoadFailure e) {
                        say("!!! the warm-up of %s with %s failed: %s", one.name(), scenario.name(), reason(e));
                    }
                }
            }
        }
    }

    private static List<Running> able(List<Running> all, Scenario scenario) {
        return all.stream()
                .filter(one -> one.contender().does(scenario.group().tier()))
                .toList();
    }

    private List<Scenario> possible(Scenario.Group group) {
        return options.scenarios().stream()
                .filter(scenario -> scenario.group() == group && scenario.load().isPossible())
                .toList();
    }

    private void round(Bed bed, List<Running> running, int round) {
        List<Running> order = new ArrayList<>(running);
        Collections.rotate(order, round);
        for (Scenario scenario : options.scenarios()) {
            for (Running one : able(order, scenario)) {
                if (samples.failure(scenario, one.name()).isEmpty()) {
                    measure(bed, scenario, one, round);
                }
            }
        }
    }

    /** CPU time is read right before and right after the load, so it belongs to exactly the requests the load counted. */
    private void measure(Bed bed, Scenario scenario, Running one, int round) {
        try {
            if (!scenario.load().isPossible()) {
                throw new LoadFailure("the load generator is not installed");
            }
            ProcessUsage before = one.usage();
            Outcome outcome = scenario.load().run(scenario.target(one), options.length(), bed);
            Sample sample = Sample.of(outcome, before, one.usage());
            samples.add(scenario, one.name(), sample);
            say(
                    "round %d  %-10s %-8s %9.0f requests/s  %7.3f CPU s/100k",
                    round + 1, scenario.name(), one.name(), sample.perSecond(), sample.cpuSecondsPer100k());
        } catch (LoadFailure | IllegalStateException e) {
            say("!!! round %d  %s %s failed: %s", round + 1, scenario.name(), one.name(), reason(e));
            samples.fail(scenario, one.name(), firstLine(e));
        }
    }

    private static String reason(Exception e) {
        return String.valueOf(e.getMessage());
    }

    /** What stands in the results must not carry paths or whole logs. */
    private static String firstLine(Exception e) {
        return reason(e).lines().findFirst().orElse("");
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
