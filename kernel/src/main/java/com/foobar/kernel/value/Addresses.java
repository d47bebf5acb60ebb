package com.foobar.kernel.value;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Address literals to bytes, certain never to ask a name server. */
final class Addresses {
    private Addresses() {}

    static boolean isIpv6(String text) {
        return text.indexOf(':') >= 0 && literal(text) != null;
    }

    static @Nullable InetAddress literal(String text) {
        try {
            byte[] four = ipv4(text);
            if (four != null) {
                return InetAddress.getByAddress(four);
            }
            boolean plausible = text.indexOf(':') >= 0 && Alphabet.IPV6.spells(text);
            // In brackets the JDK takes it for an IPv6 literal or refuses; it never falls back to a look-up.
            return plausible ? InetAddress.getByName("[" + text + "]") : null;
        } catch (UnknownHostException notAnAddress) {
            return null;
        }
    }

    private static byte @Nullable [] ipv4(String text) {
        byte[] address = new byte[4];
        int part = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (value < 0 || part == 4) {
                    return null;
                }
                address[part++] = (byte) value;
                value = -1;
            } else if (c >= '0' && c <= '9' && value != 0) {
                // A leading zero is refused: elsewhere it means octal, and one address must not mean two.
                value = Math.max(value, 0) * 10 + (c - '0');
                if (value > 255) {
                    return null;
                }
            } else {
                return null;
            }
        }
        return part == 4 ? address : null;
    }
}
