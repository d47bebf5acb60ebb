package com.foobar.launcher;

import com.foobar.database.Cluster;
import com.foobar.database.DatabaseSettings;
import com.foobar.kernel.lifecycle.Change;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.Role;
import java.time.Duration;

/** A further database node of a process: one cluster runs them all, on the seat of the first. */
record Fellow(String name, Cluster cluster) implements Role<DatabaseSettings> {

    @Override
    public void start() {}

    @Override
    public Readiness readiness() {
        return cluster.readiness();
    }

    @Override
    public Change prepare(DatabaseSettings live) throws ChangeRefused {
        return cluster.prepare(live);
    }

    @Override
    public void drain(Duration patience) {}

    @Override
    public void close() {}
}
