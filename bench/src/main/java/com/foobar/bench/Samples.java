package com.foobar.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Everything measured: per scenario and contender one sample per round, or why there is none. For one thread. */
final class Samples {

    private record Place(String scenario, String contender) {}

    private final Map<Place, List<Sample>> samples = new LinkedHashMap<>();
    private final Map<Place, String> failures = new LinkedHashMap<>();

    void add(Scenario scenario, String contender, Sample sample) {
        samples.computeIfAbsent(new Place(scenario.name(), contender), place -> new ArrayList<>())
                .add(sample);
    }

    /** The first reason stays: the following ones are usually its consequences. */
    void fail(Scenario scenario, String contender, String reason) {
        failures.putIfAbsent(new Place(scenario.name(), contender), reason);
    }

    Optional<String> failure(Scenario scenario, String contender) {
        return Optional.ofNullable(failures.get(new Place(scenario.name(), contender)));
    }

    List<Sample> of(Scenario scenario, String contender) {
        return List.copyOf(samples.getOrDefault(new Place(scenario.name(), contender), List.of()));
    }

    /** Of the rounds, the middle one; none where a round failed, because half a truth looks like a whole one in a table. */
    Optional<Figure> figure(Scenario scenario, String contender, ToDoubleFunction<Sample> value) {
        List<Sample> all = of(scenario, contender);
        return all.isEmpty() || failure(scenario, contender).isPresent()
                ? Optional.empty()
                : Optional.of(Figure.of(all.stream().mapToDouble(value).toArray()));
    }

    /** Of two contenders round by round: a round is short, and both met the same machine in it. */
    Optional<Figure> ratio(Scenario scenario, String contender, String yardstick, ToDoubleFunction<Sample> value) {
        if (figure(scenario, contender, value).isEmpty()
                || figure(scenario, yardstick, value).isEmpty()) {
            return Optional.empty();
        }
        List<Sample> own = of(scenario, contender);
        List<Sample> others = of(scenario, yardstick);
        double[] ratios = IntStream.range(0, Math.min(own.size(), others.size()))
                .mapToDouble(round -> value.applyAsDouble(own.get(round)) / value.applyAsDouble(others.get(round)))
                .filter(Double::isFinite)
                .toArray();
        return ratios.length == 0 ? Optional.empty() : Optional.of(Figure.of(ratios));
    }
}
