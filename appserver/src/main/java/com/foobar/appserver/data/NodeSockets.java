package com.foobar.appserver.data;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.StandardSocketFactory;
import java.io.IOException;
import java.net.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's own sockets, of which the one below TLS can be closed. The driver aborts by closing the upper one, which first says
 * good-bye, and so waits behind a writer that is stuck on a node that hangs: whoever hears of a new primary would wait with it.
 * Public because the driver makes it, by its name.
 */
public final class NodeSockets extends StandardSocketFactory {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSockets.class);

    /** From any thread. */
    static void cut(JdbcConnection connection) {
        if (connection.getSession() instanceof NativeSession session
                && session.getProtocol() != null
                && session.getProtocol().getSocketConnection() != null
                && session.getProtocol().getSocketConnection().getSocketFactory() instanceof NodeSockets sockets) {
            sockets.cut();
        }
    }

    private void cut() {
        Socket below = rawSocket;
        if (below != null) {
            try {
                below.close();
            } catch (IOException e) {
                LOG.debug("a socket did not close", e);
            }
        }
    }
}
