package com.foobar.kernel.value;

/** Where something listens, as it was written: {@code 10.0.0.1:80}, {@code [::1]:80}, {@code db1:3306}. Nothing is looked up. */
public record HostPort(String host, int port) {
    private static final String EXPECTED = "host:port such as 10.0.0.1:80 or [::1]:80";

    public HostPort {
        if (port < 0 || port > 65535 || !(host.indexOf(':') >= 0 ? Addresses.isIpv6(host) : isName(host))) {
            throw new IllegalArgumentException(EXPECTED);
        }
    }

    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException(EXPECTED);
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
        // Without this, ::1:80 could mean two things.
        if (bracketed != host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return new HostPort(bracketed ? host.substring(1, host.length() - 1) : host, port(text.substring(colon + 1)));
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !Alphabet.DIGITS.spells(digits)) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return Integer.parseInt(digits);
    }

    private static boolean isName(String host) {
        return !host.isEmpty() && host.length() <= 253 && Alphabet.HOST.spells(host);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
