package com.foobar.appserver.data;

import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.metrics.Registration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What of a data source is measured. */
public final class DataMetrics {

    private DataMetrics() {}

    /** To be closed with the data source. */
    public static List<Registration> register(RoutingDataSource source, Metrics metrics) {
        Router router = source.router();
        Diary diary = source.diary();
        Cluster cluster = source.cluster();
        return List.of(
                metrics.readGauges(
                        "foobar_appserver_data_connections",
                        "Connections to each database node, by use and by what they do.",
                        into -> source.state().nodes().forEach(node -> {
                            into.add(node.active(), node.node(), node.use(), "active");
                            into.add(node.idle(), node.node(), node.use(), "idle");
                            into.add(node.waiting(), node.node(), node.use(), "waited_for");
                        }),
                        "node",
                        "use",
                        "state"),
                metrics.readCounters(
                        "foobar_appserver_data_routed_total",
                        "Loans by where they went: writes, reads of a replica, reads of the primary.",
                        into -> {
                            into.add(router.writes.doubleValue(), "write");
                            into.add(router.readsOfReplicas.doubleValue(), "read_replica");
                            into.add(router.readsOfPrimary.doubleValue(), "read_primary");
                        },
                        "way"),
                metrics.readCounters(
                        "foobar_appserver_data_held_back_total",
                        "Writers that waited for a primary, and those that were refused in the end.",
                        into -> {
                            into.add(router.waits.doubleValue(), "waited");
                            into.add(router.refusals.doubleValue(), "refused");
                        },
                        "end"),
                metrics.readCounters(
                        "foobar_appserver_data_causal_total",
                        "Reads that had to ask whether a node has the client's last write, and how often it had not.",
                        into -> {
                            into.add(router.causalWaits.doubleValue(), "asked");
                            into.add(router.causalMisses.doubleValue(), "missed");
                        },
                        "event"),
                metrics.readCounters(
                        "foobar_appserver_data_faults_total",
                        "Failures by what they mean.",
                        into -> diary.faults.forEach((fault, count) ->
                                into.add(count.doubleValue(), fault.name().toLowerCase(Locale.ROOT))),
                        "fault"),
                metrics.readCounters(
                        "foobar_appserver_data_events_total",
                        "Slow statements, reads repeated on another node, connections left open, connections cut.",
                        into -> {
                            into.add(diary.slow.doubleValue(), "slow");
                            into.add(diary.repeated.doubleValue(), "repeated");
                            into.add(diary.leaks.doubleValue(), "left_open");
                            into.add(cluster.aborted.doubleValue(), "cut");
                        },
                        "event"),
                gauge(
                        metrics,
                        source,
                        "foobar_appserver_data_epoch",
                        "The epoch of the newest topology document.",
                        state -> state.epoch().map(Long::doubleValue).orElse(0.0)),
                gauge(
                        metrics,
                        source,
                        "foobar_appserver_data_writable",
                        "Whether writes are let through, 1 or 0.",
                        state -> state.fresh()
                                        && !state.parked()
                                        && state.primary().isPresent()
                                ? 1
                                : 0));
    }

    private static Registration gauge(
            Metrics metrics,
            RoutingDataSource source,
            String name,
            String help,
            ToDoubleFunction<RoutingDataSource.State> value) {
        return metrics.readGauge(name, help, () -> value.applyAsDouble(source.state()));
    }
}
