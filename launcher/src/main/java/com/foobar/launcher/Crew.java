package com.foobar.launcher;

import com.foobar.launcher.supervise.Seat;
import com.foobar.launcher.topology.Instance;
import com.foobar.launcher.topology.Selection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts a role on every seat: the one place where a role's name meets its class. */
final class Crew {

    private Crew() {}

    /** From the database outwards, so that each tier finds the one behind it when it starts. */
    static List<Seat<?>> of(Selection selection) {
        return selection.instances().stream()
                .sorted(Comparator.comparing(Instance::role).reversed())
                .map(Crew::seat)
                .collect(Collectors.toUnmodifiableList());
    }

    private static Seat<?> seat(Instance instance) {
        return new Seat<>(instance, new Vacancy(instance.name()), Function.identity());
    }
}
