package com.foobar.launcher.supervise;

import com.foobar.kernel.lifecycle.Change;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.Role;
import com.foobar.launcher.topology.Instance;
import com.foobar.launcher.topology.Topology;
import java.util.function.Function;

/**
 * An instance with the role that fills it, and how the role's live configuration is cut out of the topology.
 *
 * @param <L> the role's live configuration
 */
public record Seat<L>(Instance instance, Role<L> role, Function<Topology, L> live) {

    Change prepare(Topology next) throws ChangeRefused {
        return role.prepare(live.apply(next));
    }
}
