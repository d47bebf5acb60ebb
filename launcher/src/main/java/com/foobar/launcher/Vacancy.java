package com.foobar.launcher;

import com.foobar.kernel.lifecycle.Change;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.Role;
import com.foobar.launcher.topology.Topology;
import java.time.Duration;

/** Holds the place of a tier this version does not have yet: it starts nothing, listens nowhere and says so. */
record Vacancy(String name) implements Role<Topology> {

    @Override
    public void start() {}

    @Override
    public Readiness readiness() {
        return new Readiness(true, "vacant: this version does not have this tier yet");
    }

    @Override
    public Change prepare(Topology next) {
        return Change.NONE;
    }

    @Override
    public void drain(Duration patience) {}

    @Override
    public void close() {}
}
