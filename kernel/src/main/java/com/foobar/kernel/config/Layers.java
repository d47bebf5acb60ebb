package com.foobar.kernel.config;

import java.util.List;
import java.util.Map;

/**
 * The layers above the built-in defaults, the lowest first. A later layer wins key by key; a list is replaced as a whole.
 *
 * @param overrides KEY=VALUE as given to {@code --set}; of two for the same key the later wins
 */
public record Layers(Text file, Map<String, String> environment, List<String> overrides) {

    public Layers {
        environment = Map.copyOf(environment);
        overrides = List.copyOf(overrides);
    }

    /** Names only: all three parts may carry secrets. */
    @Override
    public String toString() {
        return "Layers[" + file + ", " + environment.size() + " variables, " + overrides.size() + " overrides]";
    }
}
