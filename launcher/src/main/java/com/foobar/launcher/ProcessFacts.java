package com.foobar.launcher;

import com.foobar.kernel.log.Logs;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.launcher.supervise.Seat;
import com.foobar.launcher.supervise.Supervisor;

/** What can be counted about the process as a whole. */
final class ProcessFacts {

    private ProcessFacts() {}

    static void register(Metrics metrics, Supervisor supervisor, Logs logs) {
        metrics.readCounter(
                "foobar_log_events_dropped_total",
                "Log events that found the queue full or the disk not willing.",
                () -> logs.missingInFile() + logs.missingOnConsole());
        metrics.info("foobar_build_info", "The version that runs.", "version").setLabelValues(Program.version());
        metrics.readGauges(
                "foobar_role_ready",
                "Whether the role wants work, 1 or 0.",
                into -> {
                    for (Seat<?> seat : supervisor.seats()) {
                        into.add(
                                supervisor.readiness(seat).ready() ? 1 : 0,
                                seat.role().name(),
                                seat.instance().role().word());
                    }
                },
                "name",
                "role");
    }
}
