package com.foobar.launcher.supervise;

import com.foobar.kernel.config.Difference;
import com.foobar.kernel.config.Problem;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.launcher.TopologySource;
import com.foobar.launcher.topology.Restart;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the topology again and puts it in force, or leaves everything as it is and says why. Called by one thread. */
public final class Reloads {
    private static final Logger log = LoggerFactory.getLogger(Reloads.class);

    private final TopologySource source;
    private final Selection here;
    private final Supervisor supervisor;
    private final Gauge lastSuccess;
    private final Counter reloads;
    private volatile Reading<Topology> inForce;

    public Reloads(
            TopologySource source, Reading<Topology> inForce, Selection here, Supervisor supervisor, Metrics metrics) {
        this.source = source;
        this.inForce = inForce;
        this.here = here;
        this.supervisor = supervisor;
        this.lastSuccess =
                metrics.gauge("foobar_reload_last_success", "Whether the last reload took effect, 1 before the first.");
        this.reloads = metrics.counter("foobar_reloads_total", "Reloads by result.", "result");
        lastSuccess.set(1);
    }

    /** The topology in force. */
    public Topology topology() {
        return inForce.value().orElseThrow();
    }

    ReloadAnswer reload() {
        ReloadAnswer answer = attempted();
        lastSuccess.set(answer.changed() ? 1 : 0);
        reloads.labelValues(answer.changed() ? "done" : "refused").inc();
        if (answer.changed()) {
            log.info("reloaded: {}", String.join("; ", answer.lines()));
        } else {
            log.error("reload refused, the old configuration stays: {}", String.join("; ", answer.lines()));
        }
        return answer;
    }

    private ReloadAnswer attempted() {
        Reading<Topology> next;
        try {
            next = source.read();
        } catch (IOException unreadable) {
            return ReloadAnswer.refused(String.valueOf(unreadable.getMessage()));
        }
        if (next.value().isEmpty()) {
            return new ReloadAnswer(
                    false, next.errors().stream().map(Problem::line).toList());
        }
        Topology topology = next.value().get();
        List<String> restart = Restart.neededFor(topology(), topology, here);
        if (!restart.isEmpty()) {
            return new ReloadAnswer(false, restart);
        }
        Map<String, String> refused = supervisor.reload(topology);
        if (!refused.isEmpty()) {
            return new ReloadAnswer(
                    false,
                    refused.entrySet().stream()
                            .map(role -> role.getKey() + ": " + role.getValue())
                            .toList());
        }
        List<String> changes = Settings.difference(Topology.class, topology(), topology).stream()
                .map(Difference::toString)
                .toList();
        inForce = next;
        return new ReloadAnswer(true, changes.isEmpty() ? List.of("nothing had changed") : changes);
    }
}
