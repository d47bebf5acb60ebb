package com.foobar.launcher.topology;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Range;
import java.util.List;

/** One machine of the topology. */
public record Server(
        @Doc("The address the other servers reach this one at; its roles listen there.") String address,
        @Doc("What runs here. A role named several times runs several instances on consecutive ports.")
                List<RoleName> roles,
        @Doc("The share of the requests its web servers get, relative to other servers'.")
                @Default("1")
                @Range(min = 0, max = 256)
                int weight,
        @Doc("Whether its web servers wait, in mode active-passive, until no other is usable.")
                @Default("false")
                boolean backup) {

    public Server {
        roles = List.copyOf(roles);
        if (address.isBlank() || address.contains(" ") || address.contains("/")) {
            throw new IllegalArgumentException("an address or host name without port, such as 10.0.0.11");
        }
    }
}
