package com.foobar.http.listen;

import org.jspecify.annotations.Nullable;

/** PURE. What a Host field may say, and whether an absolute request target says the same. */
final class Authority {

    private static final int MOST_HOST = 255;
    private static final int MOST_PORT = 65_535;

    private Authority() {}

    /** A DNS name, an IPv4 address or an IPv6 address in brackets, then perhaps a port. No user, no escapes, no lists. */
    static boolean valid(@Nullable String host) {
        if (host == null || host.isEmpty() || host.length() > MOST_HOST) {
            return false;
        }
        int at = host.charAt(0) == '[' ? literal(host) : name(host);
        return at > 0 && (at == host.length() || port(host, at));
    }

    /** Whether an absolute-form target ({@code http://host/path}) names exactly this host. */
    static boolean sameAs(String target, String host) {
        int from = begin(target);
        return from > 0
                && target.regionMatches(true, from, host, 0, host.length())
                && pathOf(target, from) == from + host.length();
    }

    /** The path of an absolute-form target. */
    static String path(String target) {
        int slash = pathOf(target, Math.max(0, begin(target)));
        return slash >= target.length() ? "/" : target.substring(slash);
    }

    private static int begin(String target) {
        if (target.regionMatches(true, 0, "http://", 0, 7)) {
            return 7;
        }
        return target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    }

    private static int pathOf(String target, int from) {
        int slash = target.indexOf('/', from);
        return slash < 0 ? target.length() : slash;
    }

    private static int name(String host) {
        int at = 0;
        while (at < host.length() && host.charAt(at) < 128 && Octets.HOST[host.charAt(at)]) {
            at++;
        }
        return at;
    }

    private static int literal(String host) {
        int colons = 0;
        for (int at = 1; at < host.length(); at++) {
            char letter = host.charAt(at);
            if (letter == ']') {
                return colons >= 2 ? at + 1 : -1;
            }
            colons += letter == ':' ? 1 : 0;
            if (letter != ':' && letter != '.' && Octets.hex(letter) < 0) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean port(String host, int at) {
        int digits = host.length() - at - 1;
        if (host.charAt(at) != ':' || digits < 1 || digits > 5) {
            return false;
        }
        int port = 0;
        for (int i = at + 1; i < host.length(); i++) {
            if (!Octets.digit(host.charAt(i))) {
                return false;
            }
            port = port * 10 + host.charAt(i) - '0';
        }
        return port > 0 && port <= MOST_PORT;
    }
}
