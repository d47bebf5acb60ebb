package com.foobar.http.listen;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** PURE. Addresses from text without ever asking DNS: what is not an address in full is not an address. */
final class IpText {

    private IpText() {}

    /** An address of either kind, IPv6 without brackets; null for anything else. */
    static @Nullable InetAddress any(String text) {
        return text.indexOf(':') >= 0 ? six(text) : four(text);
    }

    /** Four decimal numbers; no leading zeros, which some read as octal. */
    static @Nullable InetAddress four(String text) {
        byte[] octets = new byte[4];
        return four(text, 0, octets, 0) ? address(octets) : null;
    }

    private static boolean four(String text, int from, byte[] into, int offset) {
        int at = from;
        for (int part = 0; part < 4; part++) {
            int start = at;
            int value = 0;
            while (at < text.length() && Octets.digit(text.charAt(at)) && at - start < 3) {
                value = value * 10 + text.charAt(at++) - '0';
            }
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            if (at == start || value > 255 || leadingZero) {
                return false;
            }
            into[offset + part] = (byte) value;
            boolean lastPart = part == 3;
            if (lastPart ? at != text.length() : at >= text.length() || text.charAt(at++) != '.') {
                return false;
            }
        }
        return true;
    }

    static @Nullable InetAddress six(String text) {
        byte[] octets = new byte[16];
        int gap = -1;
        int filled = 0;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < text.length()) {
            if (filled == 16) {
                return null;
            }
            int end = text.indexOf(':', at);
            int stop = end < 0 ? text.length() : end;
            if (end < 0 && text.indexOf('.', at) >= 0) {
                if (filled > 12 || !four(text, at, octets, filled)) {
                    return null;
                }
                filled += 4;
                break;
            }
            int group = group(text, at, stop);
            if (group < 0) {
                return null;
            }
            octets[filled++] = (byte) (group >> 8);
            octets[filled++] = (byte) group;
            if (end < 0) {
                break;
            }
            at = end + 1;
            if (at == text.length()) {
                return null;
            }
            if (text.charAt(at) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = filled;
                at++;
            }
        }
        return fill(octets, gap, filled);
    }

    private static @Nullable InetAddress fill(byte[] octets, int gap, int filled) {
        if (gap < 0) {
            return filled == 16 ? address(octets) : null;
        }
        if (filled > 14) {
            return null;
        }
        byte[] whole = new byte[16];
        System.arraycopy(octets, 0, whole, 0, gap);
        System.arraycopy(octets, gap, whole, 16 - (filled - gap), filled - gap);
        return address(whole);
    }

    private static int group(String text, int from, int to) {
        if (to == from || to - from > 4) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = Octets.hex(text.charAt(i));
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static @Nullable InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
