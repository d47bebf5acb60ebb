package com.foobar.database.embedded;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.port.BindFailure;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;

/** Whether a server will get its port, asked before the start: the server's own complaint comes late and does not say who has it. */
final class PortCheck {

    private static final int ONE = 1;
    private static final Duration GREETING = Duration.ofMillis(300);

    private PortCheck() {}

    static void requireFree(HostPort at, String key) throws StartFailure {
        InetSocketAddress address = new InetSocketAddress(at.host(), at.port());
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new StartFailure(
                    "cannot listen on " + at + ": the host name is unknown here", "use an address of this machine");
        }
        try (ServerSocket probe = new ServerSocket(at.port(), ONE, host)) {
            if (!probe.isBound()) {
                throw new IOException("not bound");
            }
        } catch (IOException e) {
            throw taken(address, key, e);
        }
    }

    /** Names a foreign database server as such: waiting for it, or connecting to it as if it were ours, would be a disaster. */
    static StartFailure taken(InetSocketAddress address, String key, IOException failed) {
        StartFailure failure = BindFailure.of(address, key, failed);
        Optional<Greeting> greeting = Greeting.from(address, GREETING);
        return greeting.isEmpty()
                ? failure
                : new StartFailure(
                        failure.getMessage() + "; a database server, version "
                                + greeting.get().version() + ", that is not this node answers there",
                        failure.cure(),
                        failed);
    }
}
