package com.foobar.launcher;

import com.foobar.database.Cluster;
import com.foobar.database.DatabasePlan;
import com.foobar.database.backup.PointInTime;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.SystemTime;
import com.foobar.launcher.supervise.DataDirectory;
import com.foobar.launcher.topology.DatabaseLayout;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Makes the databases of a server from a backup, while nothing runs there. */
public record Restoring(Topology topology, Selection selection, Path data, Map<String, String> environment) {

    /** What was done, in words. */
    public String from(Path backup, Optional<PointInTime> wish) throws StartFailure, InterruptedException {
        try (SystemTime time = new SystemTime("restore");
                // Held like a run's: it cannot be restored into a running process's directory.
                DataDirectory held = DataDirectory.hold(
                        data, "restore, process " + ProcessHandle.current().pid())) {
            DatabasePlan plan = DatabaseLayout.of(topology)
                    .plan(selection, Crew.installed(Places.of(held.path(), environment)))
                    .orElseThrow(() -> new StartFailure(
                            "no database node belongs to server " + selection.server(),
                            "restore on the servers that have one"));
            return Cluster.restore(plan, backup.toAbsolutePath().normalize(), wish, time);
        }
    }
}
