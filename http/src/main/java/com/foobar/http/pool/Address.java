package com.foobar.http.pool;

/** Where a backend listens: a name or an IP literal, unresolved, and a port. */
public record Address(String host, int port) {
    public Address {
        if (host.isBlank()) {
            throw new IllegalArgumentException("address: the host is empty; give a name or an IP address");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("address of " + host + ": port " + port + " is not within 1..65535");
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }
}
