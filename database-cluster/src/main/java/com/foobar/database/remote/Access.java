package com.foobar.database.remote;

import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * What makes a stranger a member of the cluster.
 *
 * @param secret the same on all its hosts
 * @param tls a certificate of this host and whom it believes; nothing means that what is said can be read on the way, though not changed
 */
public record Access(Secret secret, Optional<SSLContext> tls) {

    /**
     * The socket to speak through with the door at an address, to which the other one is connected. To be ended by closing that other one:
     * an SSLSocket says good-bye first, for which it waits as long as a writer is stuck.
     */
    Socket asking(Socket connected, HostPort door) throws IOException {
        if (tls.isEmpty()) {
            return connected;
        }
        SSLSocket secure = layered(tls.get(), connected, door.host());
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.setUseClientMode(true);
        try {
            secure.startHandshake();
        } catch (SSLException e) {
            throw new IOException(
                    "no TLS with the door " + door + " (" + e.getMessage()
                            + "); is database-cluster.tls set on both machines, with certificates of one authority, and is its"
                            + " certificate for " + door.host() + "?",
                    e);
        }
        return secure;
    }

    /** The same from the door's side, which asks for a certificate, and lets nobody in without one. */
    Socket answering(Socket connected) throws IOException {
        if (tls.isEmpty()) {
            return connected;
        }
        SSLSocket secure =
                layered(tls.get(), connected, connected.getInetAddress().getHostAddress());
        secure.setUseClientMode(false);
        secure.setNeedClientAuth(true);
        try {
            secure.startHandshake();
        } catch (SSLException e) {
            throw new Rubbish("no TLS with a certificate of this cluster's authority (" + e.getMessage() + ")");
        }
        return secure;
    }

    private static SSLSocket layered(SSLContext context, Socket connected, String peer) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket(connected, peer, connected.getPort(), true);
    }
}
