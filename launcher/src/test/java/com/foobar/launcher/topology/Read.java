package com.foobar.launcher.topology;

import com.foobar.kernel.config.Layers;
import com.foobar.kernel.config.Problem;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.config.Text;
import java.util.List;
import java.util.Map;

/** Topologies written in a test. */
public final class Read {
    /** One machine that plays all roles. */
    public static final String ALONE =
            "servers: { a: { address: 127.0.0.1, roles: [lb, webserver, appserver, database-cluster] } }";

    private Read() {}

    public static Reading<Topology> reading(String yaml, String... overrides) {
        return Settings.read(Topology.class, new Layers(new Text("t.yaml", yaml), Map.of(), List.of(overrides)));
    }

    public static Topology topology(String yaml, String... overrides) {
        Reading<Topology> reading = reading(yaml, overrides);
        return reading.value()
                .orElseThrow(() -> new AssertionError(reading.problems().toString()));
    }

    static List<String> lines(List<Problem> problems) {
        return problems.stream().map(Problem::line).toList();
    }
}
