package com.foobar.database.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would be done, as a value to print: {@code --dry-run} shows it and nothing is touched. */
public record Plan(String title, List<Step> steps, @Nullable Refusal refusal) {

    public Plan {
        steps = List.copyOf(steps);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title).append('\n');
        for (int i = 0; i < steps.size(); i++) {
            text.append(String.format("%3d. %s%n", i + 1, steps.get(i)));
        }
        return refusal == null ? text.toString() : text.append(refusal).toString();
    }
}
