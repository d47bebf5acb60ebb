package com.foobar.http.listen;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private Octets() {}

    /** Where a run of octets that a field value may have ends: eight at a time as long as none of them is a control. */
    static int valueEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            while (at + Long.BYTES <= to) {
                long eight = (long) LONGS.get(bytes, at);
                long del = eight ^ (ONES * 0x7f);
                long below = (eight - ONES * 0x20) & ~eight;
                if (((below | ((del - ONES) & ~del)) & HIGH) != 0) {
                    break;
                }
                at += Long.BYTES;
            }
            int slow = Math.min(to, at + Long.BYTES);
            while (at < slow) {
                if (!VALUE[bytes[at] & 0xff]) {
                    return at;
                }
                at++;
            }
        }
        return to;
    }

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
