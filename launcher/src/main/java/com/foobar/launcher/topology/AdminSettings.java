package com.foobar.launcher.topology;

import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import com.foobar.kernel.config.Range;
import com.foobar.kernel.value.Secret;
import java.util.Optional;

/** The admin port of each process. */
public record AdminSettings(
        @Doc("Where the admin port listens; anything but loopback needs admin.token.") @Default("127.0.0.1")
                String address,
        @Doc("The admin port: health, metrics, topology, reload.")
                @Default("8404")
                @Range(min = 0, max = 65_535, of = "a port")
                int port,
        @Doc("The bearer token for everything that changes something; on loopback one is made where none is given.")
                Optional<Secret> token)
        implements Checked {

    @Override
    public void check(Problems problems) {
        if (port == 0) {
            problems.error(
                    "port", "0", "a port from 1 to 65535: a process nobody can ask is a process nobody can trust");
        }
        if (!isLoopback() && token.isEmpty()) {
            problems.error(
                    "address",
                    address,
                    "a loopback address, or admin.token beside it: this one can be reached from other machines");
        }
    }

    /** By its text: a name that has to be looked up is never taken for loopback, except the one everybody knows. */
    boolean isLoopback() {
        return address.startsWith("127.")
                || address.equals("::1")
                || address.equals("[::1]")
                || address.equals("localhost");
    }

    /** Whether it listens on every address of its machine. */
    boolean isEverywhere() {
        return address.equals("0.0.0.0") || address.equals("::") || address.equals("[::]");
    }
}
