package com.foobar.launcher.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a reload cannot change, because a process is what it was started as. */
public final class Restart {

    private Restart() {}

    /** Why the step from one topology to the other needs a restart here; empty when it does not. */
    public static List<String> neededFor(Topology before, Topology after, Selection here) {
        List<String> reasons = new ArrayList<>();
        if (!Objects.equals(before.admin(), after.admin())) {
            reasons.add("admin: the admin port changes with a restart only");
        }
        if (before.fabric() != after.fabric()) {
            reasons.add("fabric: how the tiers of a process reach each other changes with a restart only");
        }
        DatabaseLayout database = DatabaseLayout.of(before);
        if (database.takesPart(here) && !database.isStill(DatabaseLayout.of(after))) {
            reasons.add("database-cluster: who holds data and who votes changes with a restart only");
        }
        if (!before.databaseCluster().tls().equals(after.databaseCluster().tls())) {
            reasons.add("database-cluster.tls: how the database is reached changes with a restart only");
        }
        List<Instance> instances = Instances.of(after);
        for (Instance mine : here.instances()) {
            if (instances.stream().noneMatch(next -> next.isStill(mine))) {
                reasons.add(mine.name() + ": runs here at " + mine.place()
                        + " and would not in the new configuration; restart the process to move it");
            }
        }
        return reasons;
    }
}
