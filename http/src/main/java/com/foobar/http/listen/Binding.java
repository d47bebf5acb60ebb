package com.foobar.http.listen;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One address to listen on.
 *
 * @param key the configuration key that names the port, for the error when it is taken
 * @param address port 0 takes any free one
 * @param tls null for plain HTTP
 * @param http2 offered by ALPN under TLS, by prior knowledge without
 * @param proxyFrom when set, every connection must begin with a PROXY header, and only these peers may send one
 * @param bringers peers that bring everybody, such as a balancer: no limit for one address holds for theirs
 */
public record Binding(
        String key,
        InetSocketAddress address,
        @Nullable Tls tls,
        boolean http2,
        @Nullable Trust proxyFrom,
        Trust bringers) {

    public static Binding http(String key, InetSocketAddress address) {
        return new Binding(key, address, null, true, null, Trust.NOBODY);
    }

    public static Binding https(String key, InetSocketAddress address, Tls tls) {
        return new Binding(key, address, tls, true, null, Trust.NOBODY);
    }

    public Binding withoutHttp2() {
        return new Binding(key, address, tls, false, proxyFrom, bringers);
    }

    public Binding withProxyFrom(Trust peers) {
        return new Binding(key, address, tls, http2, peers, bringers);
    }

    public Binding withBringers(Trust peers) {
        return new Binding(key, address, tls, http2, proxyFrom, peers);
    }
}
