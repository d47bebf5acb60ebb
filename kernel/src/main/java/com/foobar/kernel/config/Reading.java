package com.foobar.kernel.config;

import java.util.List;
import java.util.Optional;

/**
 * What reading gave: the value unless some problem is an error, every problem in the order of the file, and the effective
 * configuration in the order of its declaration.
 */
public record Reading<T>(Optional<T> value, List<Problem> problems, List<Entry> effective) {

    public Reading {
        problems = List.copyOf(problems);
        effective = List.copyOf(effective);
    }

    public List<Problem> errors() {
        return of(Severity.ERROR);
    }

    public List<Problem> warnings() {
        return of(Severity.WARNING);
    }

    private List<Problem> of(Severity severity) {
        return problems.stream()
                .filter(problem -> problem.severity() == severity)
                .toList();
    }
}
