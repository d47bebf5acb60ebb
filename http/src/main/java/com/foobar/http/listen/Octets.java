package com.foobar.http.listen;

import java.nio.charset.StandardCharsets;

/** Which octets RFC 9110, 9112 and 3986 allow where, as tables: one look per octet on the hot path. */
final class Octets {

    static final boolean[] TOKEN = table("!#$%&'*+-.^_`|~", true);
    static final boolean[] TARGET = table("-._~:/?[]@!$&'()*+,;=%", true);
    static final boolean[] HOST = table("-._", true);

    /** Visible ASCII, blank, tab and what RFC 9110 calls obs-text; neither NUL nor any other control. */
    static final boolean[] VALUE = new boolean[256];

    static {
        for (int i = 0x20; i < 256; i++) {
            VALUE[i] = i != 0x7f;
        }
        VALUE['\t'] = true;
    }

    private Octets() {}

    static boolean digit(int octet) {
        return octet >= '0' && octet <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(int octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private static boolean[] table(String marks, boolean alphanumeric) {
        boolean[] table = new boolean[256];
        for (byte mark : marks.getBytes(StandardCharsets.US_ASCII)) {
            table[mark] = true;
        }
        for (int i = 0; alphanumeric && i < 128; i++) {
            table[i] |= Character.isLetterOrDigit(i);
        }
        return table;
    }
}
