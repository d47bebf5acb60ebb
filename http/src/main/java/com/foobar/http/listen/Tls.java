package com.foobar.http.listen;

import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * What a TLS listener offers. Certificates are the context's business: its key manager chooses by server name and may change
 * its mind between two handshakes.
 *
 * @param context with the key manager inside
 * @param protocols by name, newest first
 * @param suites by name, best first
 */
public record Tls(SSLContext context, List<String> protocols, List<String> suites) {

    /** TLS 1.3 and 1.2. */
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /**
     * Forward secrecy and authenticated encryption only. {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256} must stay even where all
     * certificates are ECDSA: Undertow offers HTTP/2 only if it is enabled, and says nothing when it is not.
     */
    public static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    static final String NEEDED_FOR_HTTP2 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

    public Tls {
        protocols = List.copyOf(protocols);
        suites = List.copyOf(suites);
    }

    public static Tls of(SSLContext context) {
        return new Tls(context, PROTOCOLS, SUITES);
    }
}
