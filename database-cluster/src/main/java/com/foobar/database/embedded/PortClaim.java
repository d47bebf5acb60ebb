package com.foobar.database.embedded;

import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a server's port from being lent to a connection. The ports of databases lie where Linux takes those of outgoing connections from,
 * our own to the other nodes among them; a server whose port is the near end of one does not start. The claim does not listen, so that the
 * server takes the port beside it, and again after each of its ends.
 */
public final class PortClaim implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PortClaim.class);

    private final Socket socket = new Socket();

    private PortClaim() {}

    /** Never fails: whoever has the port already is named when the server is started. */
    public static PortClaim on(HostPort at) {
        PortClaim claim = new PortClaim();
        try {
            claim.socket.setReuseAddress(true);
            claim.socket.bind(new InetSocketAddress(at.host(), at.port()));
        } catch (IOException e) {
            LOG.debug("{} cannot be claimed: {}", at, e.toString());
        }
        return claim;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("A claim of a port is not given back: {}", e.toString());
        }
    }
}
