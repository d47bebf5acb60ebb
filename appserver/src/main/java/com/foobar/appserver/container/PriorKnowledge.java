package com.foobar.appserver.container;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 for peers that begin with it, and no upgrade to it. A client's wish for one comes through tiers that pass on what they do not
 * know: without its settings, which a hop takes off, Jetty would answer 400; with them it would answer 101, and the client would have a
 * tunnel to this server past every rule of the tiers between.
 */
final class PriorKnowledge extends HTTP2CServerConnectionFactory {

    PriorKnowledge(HttpConfiguration configuration) {
        super(configuration);
    }

    /**
     * Jetty asks for both: for a connection's first line that is HTTP/2's preface, and for a request's wish. Null ignores that wish, as
     * any server may, and the request is answered as it came.
     */
    @Override
    public @Nullable Connection upgradeConnection(
            Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable response101) {
        // The version too: no tier sends on a request of that version, while a method can be any word.
        boolean preface = request.getHttpVersion() == HttpVersion.HTTP_2
                && request.getMethod().equals("PRI");
        return preface ? super.upgradeConnection(connector, endPoint, request, response101) : null;
    }
}
