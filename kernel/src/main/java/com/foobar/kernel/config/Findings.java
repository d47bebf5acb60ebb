package com.foobar.kernel.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Every problem met so far. One per reading, used by one thread. */
final class Findings {
    private static final Comparator<Problem> BY_PLACE = Comparator.<Problem>comparingInt(Findings::layer)
            .thenComparingInt(problem -> problem.origin() instanceof Origin.File file ? file.line() : 0);

    private final List<Problem> problems = new ArrayList<>();
    private int errors;

    void error(Origin origin, String key, String message) {
        problems.add(new Problem(Severity.ERROR, origin, key, message));
        errors++;
    }

    void warning(Origin origin, String key, String message) {
        problems.add(new Problem(Severity.WARNING, origin, key, message));
    }

    int errors() {
        return errors;
    }

    /** In the order of the file, then the environment, then the command line; otherwise in the order they were met. */
    List<Problem> sorted() {
        return problems.stream().sorted(BY_PLACE).toList();
    }

    private static int layer(Problem problem) {
        Origin origin = problem.origin();
        return origin instanceof Origin.File ? 0 : origin instanceof Origin.Variable ? 1 : 2;
    }
}
