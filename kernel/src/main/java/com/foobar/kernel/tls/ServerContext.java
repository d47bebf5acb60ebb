package com.foobar.kernel.tls;

import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** The {@code SSLContext} of a server, made once: new certificates come through {@link ServerCertificates#replace}. */
public final class ServerContext {

    private ServerContext() {}

    /** On the JDK's own TLS. */
    public static SSLContext of(ServerCertificates certificates) throws GeneralSecurityException {
        return initialized(SSLContext.getInstance("TLS"), certificates);
    }

    /** On another engine, such as Conscrypt. */
    public static SSLContext of(ServerCertificates certificates, Provider provider) throws GeneralSecurityException {
        return initialized(SSLContext.getInstance("TLS", provider), certificates);
    }

    private static SSLContext initialized(SSLContext context, ServerCertificates certificates)
            throws GeneralSecurityException {
        // No trust manager instead of the default ones: nobody asks clients for certificates here, and reading the
        // JDK's bundle of authorities costs a start tens of milliseconds.
        context.init(new KeyManager[] {certificates}, new TrustManager[0], null);
        return context;
    }
}
