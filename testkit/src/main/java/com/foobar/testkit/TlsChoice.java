package com.foobar.testkit;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS client offers. Each {@code with} gives a changed copy.
 *
 * @param serverName the SNI name, or null to send none
 * @param alpn the protocols offered, best first; empty to send no ALPN
 * @param versions the TLS versions allowed; empty for the JDK's choice
 * @param context trust and client key; trusts everybody unless chosen otherwise
 */
public record TlsChoice(@Nullable String serverName, List<String> alpn, List<String> versions, SSLContext context) {

    /** Trusts everybody, offers nothing. */
    public static TlsChoice plain() {
        return new TlsChoice(null, List.of(), List.of(), trustingEverybody());
    }

    public TlsChoice withServerName(String name) {
        return new TlsChoice(name, alpn, versions, context);
    }

    public TlsChoice withAlpn(String... protocols) {
        return new TlsChoice(serverName, List.of(protocols), versions, context);
    }

    public TlsChoice withVersions(String... allowed) {
        return new TlsChoice(serverName, alpn, List.of(allowed), context);
    }

    /** To present a client certificate, or to trust only one authority. */
    public TlsChoice withContext(SSLContext other) {
        return new TlsChoice(serverName, alpn, versions, other);
    }

    void apply(SSLSocket socket) {
        SSLParameters parameters = socket.getSSLParameters();
        String name = serverName;
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        if (!versions.isEmpty()) {
            parameters.setProtocols(versions.toArray(String[]::new));
        }
        socket.setSSLParameters(parameters);
    }

    private static SSLContext trustingEverybody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsEverybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** The extended kind: the JDK adds a host name check of its own around the plain kind. */
    public static final class TrustsEverybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
