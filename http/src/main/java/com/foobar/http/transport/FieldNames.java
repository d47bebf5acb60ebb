package com.foobar.http.transport;

import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Field names met before and the last value of each, so that the same answer a million times makes no garbage. One slot per
 * hash: a backend that invents names only pushes others out. One per I/O thread.
 */
final class FieldNames {
    private static final int SLOTS = 512;
    private static final int LONGEST_KEPT_VALUE = 128;

    /** What a name means for the framing. */
    enum Kind {
        PLAIN,
        CONTENT_LENGTH,
        TRANSFER_ENCODING,
        CONNECTION,
        UPGRADE,
        HOP_BY_HOP
    }

    static final class Name {
        final HttpString text;
        final Kind kind;
        private @Nullable String value;

        private Name(HttpString text) {
            this.text = text;
            this.kind = kind(text);
        }

        /** The value, the same object as last time if it is the same text. */
        String value(byte[] bytes, int from, int to) {
            String last = value;
            if (last != null && same(last, bytes, from, to)) {
                return last;
            }
            String fresh = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
            if (to - from <= LONGEST_KEPT_VALUE) {
                value = fresh;
            }
            return fresh;
        }

        private static boolean same(String last, byte[] bytes, int from, int to) {
            if (last.length() != to - from) {
                return false;
            }
            // Backwards: dates and counters differ at the end.
            for (int i = last.length() - 1; i >= 0; i--) {
                if (last.charAt(i) != (bytes[from + i] & 0xff)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final @Nullable Name[] slots = new Name[SLOTS];

    Name name(byte[] bytes, int from, int to, int hash) {
        int slot = (hash ^ hash >>> 9) & SLOTS - 1;
        Name known = slots[slot];
        if (known == null || !same(known.text, bytes, from, to)) {
            byte[] copy = new byte[to - from];
            System.arraycopy(bytes, from, copy, 0, copy.length);
            known = new Name(new HttpString(copy));
            slots[slot] = known;
        }
        return known;
    }

    private static boolean same(HttpString text, byte[] bytes, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.byteAt(i - from) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static Kind kind(HttpString name) {
        if (name.equals(Headers.CONTENT_LENGTH)) {
            return Kind.CONTENT_LENGTH;
        }
        if (name.equals(Headers.TRANSFER_ENCODING)) {
            return Kind.TRANSFER_ENCODING;
        }
        if (name.equals(Headers.CONNECTION)) {
            return Kind.CONNECTION;
        }
        if (name.equals(Headers.UPGRADE)) {
            return Kind.UPGRADE;
        }
        return HopByHop.is(name) ? Kind.HOP_BY_HOP : Kind.PLAIN;
    }
}
