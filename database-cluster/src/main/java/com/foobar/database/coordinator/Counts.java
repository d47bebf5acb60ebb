package com.foobar.database.coordinator;

import com.foobar.database.decide.Diagnosis;
import com.foobar.database.model.Refusal;
import com.foobar.kernel.metrics.Latencies;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What happened, counted by the ring and read by metrics. */
final class Counts {
    private final LongAdder crowned = new LongAdder();
    private final ConcurrentMap<String, LongAdder> refused = new ConcurrentHashMap<>();
    private volatile @Nullable Latencies stages;

    void measureInto(Latencies latencies) {
        stages = latencies;
    }

    void crowned() {
        crowned.increment();
    }

    long failovers() {
        return crowned.sum();
    }

    /** By diagnosis: the reasons themselves hold numbers and names, and would be series without end. */
    void refused(Diagnosis diagnosis, Refusal refusal) {
        refused.computeIfAbsent(diagnosis.name().toLowerCase(Locale.ROOT), reason -> new LongAdder())
                .increment();
    }

    Map<String, LongAdder> refusals() {
        return refused;
    }

    void stage(String name, Duration took) {
        Latencies into = stages;
        if (into != null) {
            into.of(name.toLowerCase(Locale.ROOT)).record(took);
        }
    }
}
