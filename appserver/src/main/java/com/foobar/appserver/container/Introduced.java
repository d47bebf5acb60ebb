package com.foobar.appserver.container;

import com.foobar.http.listen.Forwarding;
import com.foobar.http.listen.Received;
import com.foobar.http.listen.RequestIds;
import com.foobar.http.listen.TraceParent;
import com.foobar.http.listen.Trust;
import com.foobar.http.tier.Visit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;
import org.jspecify.annotations.Nullable;

/** A request that came over a socket, as its client sent it to the first tier: as far as those in between are believed. */
final class Introduced extends Request.Wrapper {
    private final HttpURI uri;
    private final HttpFields fields;
    private final ConnectionMetaData connection;

    Introduced(Request request, Visit visit) {
        super(request);
        HttpURI.Mutable named =
                HttpURI.build(request.getHttpURI()).scheme(visit.from().scheme());
        if (!visit.from().host().isEmpty()) {
            named.authority(visit.from().host());
        }
        this.uri = named.asImmutable();
        this.fields = HttpFields.build(request.getHeaders())
                .put(Visit.REQUEST_ID.toString(), visit.id())
                .put("traceparent", visit.trace())
                .asImmutable();
        SocketAddress client = new InetSocketAddress(visit.client(), 0);
        this.connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
            @Override
            public SocketAddress getRemoteSocketAddress() {
                return client;
            }
        };
    }

    static @Nullable HostPort authority(String host) {
        return host.isEmpty() ? null : new HostPort(host);
    }

    static Visit visit(Request request, Trust trust, long now) {
        InetAddress peer = peer(request);
        boolean trusted = trust.trusts(peer);
        HttpFields fields = request.getHeaders();
        String host = fields.get(HttpHeader.HOST);
        Received received = new Received(
                String.valueOf(request.getHttpURI().getScheme()),
                host == null ? String.valueOf(request.getHttpURI().getAuthority()) : host,
                all(fields, HttpHeader.FORWARDED),
                all(fields, HttpHeader.X_FORWARDED_FOR),
                all(fields, HttpHeader.X_FORWARDED_PROTO),
                all(fields, HttpHeader.X_FORWARDED_HOST));
        return new Visit(
                RequestIds.of(trusted, fields.get(Visit.REQUEST_ID.toString())),
                TraceParent.next(trusted, fields.get("traceparent")),
                Forwarding.of(peer, trust, received),
                trusted,
                now);
    }

    static InetAddress peer(Request request) {
        SocketAddress address = request.getConnectionMetaData().getRemoteSocketAddress();
        return address instanceof InetSocketAddress known ? known.getAddress() : InetAddress.getLoopbackAddress();
    }

    private static @Nullable String all(HttpFields fields, HttpHeader name) {
        List<String> values = fields.getValuesList(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }

    @Override
    public HttpURI getHttpURI() {
        return uri;
    }

    @Override
    public HttpFields getHeaders() {
        return fields;
    }

    @Override
    public boolean isSecure() {
        return "https".equals(uri.getScheme());
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
        return connection;
    }
}
