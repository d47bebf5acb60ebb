package com.foobar.kernel.port;

import com.foobar.kernel.lifecycle.StartFailure;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;

/** Turns the operating system's "no" to a listening socket into a diagnosis. */
public final class BindFailure {
    private static final int FIRST_UNPRIVILEGED = 1024;

    private BindFailure() {}

    /**
     * Names the place, who has it if that can be seen, and what to do.
     *
     * @param key the configuration key that changes the port
     */
    public static StartFailure of(InetSocketAddress address, String key, IOException failed) {
        String place = address.getHostString() + ":" + address.getPort();
        String why = String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT);
        if (address.isUnresolved()) {
            return new StartFailure(
                    "cannot listen on " + place + ": the host name is unknown here",
                    "use an address of this machine",
                    failed);
        }
        if (why.contains("permission denied") && address.getPort() < FIRST_UNPRIVILEGED) {
            return new StartFailure(
                    "cannot listen on " + place + ": ports below 1024 need a privilege",
                    "set " + key + " to a port from 1024, or grant CAP_NET_BIND_SERVICE",
                    failed);
        }
        if (why.contains("cannot assign")) {
            return new StartFailure(
                    "cannot listen on " + place + ": this machine does not have that address",
                    "start with --server naming this machine, or correct the server's address",
                    failed);
        }
        if (failed instanceof BindException) {
            Optional<String> holder = new PortHolder().of(address.getPort());
            return new StartFailure(
                    "cannot listen on " + place + ": the port is in use"
                            + holder.map(by -> " by " + by).orElse(""),
                    "stop what uses it, or set " + key + " to another port",
                    failed);
        }
        return new StartFailure("cannot listen on " + place + ": " + failed, "set " + key + " to another port", failed);
    }
}
