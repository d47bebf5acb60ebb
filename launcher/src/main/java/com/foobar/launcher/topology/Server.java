package com.foobar.launcher.topology;

import com.foobar.kernel.config.Doc;
import java.util.List;

/** One machine of the topology. */
public record Server(
        @Doc("The address the other servers reach this one at; its roles listen there.") String address,
        @Doc("What runs here. A role named several times runs several instances on consecutive ports.")
                List<RoleName> roles) {

    public Server {
        roles = List.copyOf(roles);
        if (address.isBlank() || address.contains(" ") || address.contains("/")) {
            throw new IllegalArgumentException("an address or host name without port, such as 10.0.0.11");
        }
    }
}
