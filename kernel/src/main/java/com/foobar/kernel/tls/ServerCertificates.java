package com.foobar.kernel.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a certificate for every handshake from a map that may be swapped at any time. Connections that exist keep what they
 * have; only new handshakes see the new map.
 */
public final class ServerCertificates extends X509ExtendedKeyManager {

    /** Choice and fetch are two calls, microseconds apart; one map back is enough for a handshake that a swap overtakes. */
    private record Maps(CertificateMap current, CertificateMap previous) {}

    private volatile Maps maps;

    public ServerCertificates(CertificateMap map) {
        this.maps = new Maps(map, map);
    }

    public CertificateMap map() {
        return maps.current();
    }

    /** Takes effect with the next handshake, on all threads. */
    public synchronized void replace(CertificateMap map) {
        maps = new Maps(map, maps.current());
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType, engine == null ? null : engine.getHandshakeSession());
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null);
    }

    /** The alias is the fingerprint: whatever is swapped meanwhile, chain and key fetched by it belong together. */
    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        KeyMaterial material = maps.current().pick(requestedName(session), keyType);
        return material == null ? null : material.fingerprint();
    }

    private static @Nullable String requestedName(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        KeyMaterial material = byAlias(alias);
        return material == null ? null : material.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        KeyMaterial material = byAlias(alias);
        return material == null ? null : material.privateKey();
    }

    private @Nullable KeyMaterial byAlias(String alias) {
        Maps seen = maps;
        KeyMaterial material = seen.current().byFingerprint(alias);
        return material != null ? material : seen.previous().byFingerprint(alias);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return map().materials().stream()
                .filter(material -> material.privateKey().getAlgorithm().equals(keyType))
                .map(KeyMaterial::fingerprint)
                .toArray(String[]::new);
    }

    /** A server's certificates are not for calling others with. */
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
