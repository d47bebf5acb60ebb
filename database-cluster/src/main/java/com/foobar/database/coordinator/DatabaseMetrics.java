package com.foobar.database.coordinator;

import com.foobar.database.decide.Diagnosis;
import com.foobar.database.decide.Finding;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.kernel.metrics.Latencies;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.metrics.Readings;
import com.foobar.kernel.metrics.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/** The metrics of all coordinators of one process, read when scraped. What a coordinator that does not lead cannot know is absent. */
public final class DatabaseMetrics implements AutoCloseable {
    private final List<Coordinator> coordinators;
    private final List<Registration> registrations = new ArrayList<>();

    /** Made once for a process: a metric has one owner. */
    public DatabaseMetrics(Metrics metrics, List<Coordinator> coordinators) {
        this.coordinators = List.copyOf(coordinators);
        Latencies stages = metrics.latencies(
                "foobar_database_failover_step_seconds", "How long each stage of a failover took.", "step");
        coordinators.forEach(one -> one.ring().counts().measureInto(stages));
        whole(metrics);
        nodes(metrics);
    }

    private void whole(Metrics metrics) {
        each(
                metrics,
                "foobar_database_leads",
                "Whether this coordinator leads the database cluster.",
                (one, into) -> into.add(one.ring().leadsNow() ? 1 : 0, one.name()));
        each(metrics, "foobar_database_epoch", "The number of the present primary's reign.", (one, into) -> {
            var record = one.status().record();
            if (one.status().leads() && record != null) {
                into.add((double) record.epoch().number(), one.name());
            }
        });
        each(
                metrics,
                "foobar_database_lease_remaining_seconds",
                "How long the quorum's last confirmation is still good for.",
                (one, into) -> into.add(seconds(one.leaseRemaining()), one.name()));
        registrations.add(metrics.readGauges(
                "foobar_database_diagnosis",
                "What is the matter with the database cluster: 1 at the one that holds.",
                into -> coordinators.forEach(one -> {
                    Finding finding = one.status().finding();
                    if (finding != null) {
                        for (Diagnosis diagnosis : Diagnosis.values()) {
                            into.add(diagnosis == finding.diagnosis() ? 1 : 0, one.name(), lower(diagnosis));
                        }
                    }
                }),
                "coordinator",
                "diagnosis"));
        registrations.add(metrics.readCounters(
                "foobar_database_failovers_total",
                "Crowns this coordinator gave, planned ones and the first included.",
                into -> coordinators.forEach(
                        one -> into.add((double) one.ring().counts().failovers(), one.name())),
                "coordinator"));
        registrations.add(metrics.readCounters(
                "foobar_database_refused_total",
                "Decisions not to act, by the diagnosis under which they were refused.",
                into -> coordinators.forEach(one -> one.ring()
                        .counts()
                        .refusals()
                        .forEach((reason, count) -> into.add((double) count.sum(), one.name(), reason))),
                "coordinator",
                "reason"));
    }

    private void nodes(Metrics metrics) {
        registrations.add(metrics.readGauges(
                "foobar_database_role",
                "What each database node behaves as: 1 at the one that holds.",
                into -> states((node, state) -> {
                    for (NodeState.Role role : NodeState.Role.values()) {
                        into.add(state.role() == role ? 1 : 0, node.text(), lower(role));
                    }
                }),
                "node",
                "role"));
        registrations.add(metrics.readGauges(
                "foobar_database_lag_seconds",
                "How old the newest write is that a replica has applied.",
                into -> states((node, state) -> {
                    Duration lag = state.lag();
                    if (lag != null) {
                        into.add(seconds(lag), node.text());
                    }
                }),
                "node"));
        registrations.add(metrics.readCounters(
                "foobar_database_looks_failed_total",
                "Looks at a database node that it did not answer.",
                into -> coordinators.forEach(one -> one.ring()
                        .eyes()
                        .failures()
                        .forEach((node, count) -> into.add((double) count.sum(), one.name(), node.text()))),
                "coordinator",
                "node"));
    }

    private void each(Metrics metrics, String name, String help, BiConsumer<Coordinator, Readings> reading) {
        registrations.add(metrics.readGauges(
                name, help, into -> coordinators.forEach(one -> reading.accept(one, into)), "coordinator"));
    }

    /** As the leader sees them; in this process there is one at most. */
    private void states(BiConsumer<NodeName, NodeState> reading) {
        coordinators.stream().filter(one -> one.ring().leadsNow()).findFirst().ifPresent(leader -> {
            for (NodeView view : leader.status().view().nodes().values()) {
                NodeState state = view.state();
                if (state != null) {
                    reading.accept(view.name(), state);
                }
            }
        });
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration length) {
        return (double) length.toNanos() / 1e9;
    }

    @Override
    public void close() {
        registrations.forEach(Registration::close);
    }
}
