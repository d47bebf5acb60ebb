package com.foobar.appserver.container;

import com.foobar.http.tier.Visit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Attributes;
import org.jspecify.annotations.Nullable;

/** The connection there would be if the request had come over a socket; one for each request, since there is none. */
final class DirectConnection extends Attributes.Lazy implements ConnectionMetaData {
    private final Connector connector;
    private final HttpConfiguration configuration;
    private final DirectStream stream;
    private final Visit visit;
    private final InetSocketAddress self;
    private final Connection nowhere;
    private @Nullable SocketAddress client;

    DirectConnection(
            Connector connector,
            HttpConfiguration configuration,
            DirectStream stream,
            Visit visit,
            InetSocketAddress self,
            Connection nowhere) {
        this.connector = connector;
        this.configuration = configuration;
        this.stream = stream;
        this.visit = visit;
        this.self = self;
        this.nowhere = nowhere;
    }

    Visit visit() {
        return visit;
    }

    /** The tier in front has our address: it lives here. */
    InetAddress peer() {
        return self.getAddress();
    }

    void accompany(Stay stay) {
        stream.accompany(stay);
    }

    /** A connection that leads nowhere: some generations ask theirs for idle timeouts. One for all requests. */
    static Connection nowhere(Executor executor) {
        EndPoint end = new ByteArrayEndPoint();
        Connection connection = new AbstractConnection(end, executor) {
            @Override
            public void onFillable() {
                // Nothing ever comes.
            }
        };
        end.setConnection(connection);
        return connection;
    }

    @Override
    public String getId() {
        return stream.getId();
    }

    @Override
    public HttpConfiguration getHttpConfiguration() {
        return configuration;
    }

    /** As over a socket, whatever the client speaks with the first tier. */
    @Override
    public HttpVersion getHttpVersion() {
        return HttpVersion.HTTP_1_1;
    }

    @Override
    public String getProtocol() {
        return "HTTP/1.1";
    }

    @Override
    public Connection getConnection() {
        return nowhere;
    }

    @Override
    public Connector getConnector() {
        return connector;
    }

    @Override
    public boolean isPersistent() {
        return true;
    }

    @Override
    public boolean isSecure() {
        return visit.from().scheme().equals("https");
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        SocketAddress known = client;
        if (known == null) {
            known = new InetSocketAddress(visit.client(), 0);
            client = known;
        }
        return known;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return self;
    }
}
