package com.foobar.http.announce;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of an announcement, by balancer, in the order they were named. */
public record Told(Map<String, Answer> answers) {

    public Told {
        answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
    }

    /** Whether all act accordingly; then the port may close as soon as nothing is in flight. */
    public boolean all() {
        return complaints().isEmpty();
    }

    /** One line for each balancer that may still send requests. */
    public List<String> complaints() {
        return answers.values().stream()
                .filter(one -> one.kind() != Answer.Kind.HEARD)
                .map(Answer::detail)
                .toList();
    }
}
