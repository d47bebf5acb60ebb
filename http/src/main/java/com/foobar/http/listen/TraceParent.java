package com.foobar.http.listen;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** PURE but for its dice. The W3C {@code traceparent}: kept from those who may start traces, otherwise begun here. */
public final class TraceParent {

    private static final int SIZE = 55;
    private static final int TRACE = 3;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;

    private TraceParent() {}

    /** What to send on: the same trace with a span of our own, or a new trace. */
    public static String next(boolean trusted, @Nullable String received) {
        return trusted && received != null && valid(received) ? next(received) : begun();
    }

    /** The same trace with a span of our own. */
    public static String next(String valid) {
        byte[] text = frame();
        for (int i = TRACE; i < SPAN - 1; i++) {
            text[i] = (byte) valid.charAt(i);
        }
        // Of the flags of later versions only "sampled" means the same to us.
        text[FLAGS + 1] = (byte) ((Octets.hex(valid.charAt(FLAGS + 1)) & 1) == 1 ? '1' : '0');
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static String begun() {
        byte[] text = frame();
        RequestIds.hex(text, TRACE, SPAN - 1 - TRACE);
        text[FLAGS + 1] = '0';
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** All but the trace and its last flag. */
    private static byte[] frame() {
        byte[] text = new byte[SIZE];
        text[0] = '0';
        text[1] = '0';
        text[2] = '-';
        text[SPAN - 1] = '-';
        text[FLAGS - 1] = '-';
        text[FLAGS] = '0';
        RequestIds.hex(text, SPAN, FLAGS - 1 - SPAN);
        return text;
    }

    /** The trace of a valid header, for the log. */
    public static String trace(String header) {
        return header.substring(TRACE, SPAN - 1);
    }

    static boolean valid(String text) {
        if (text.length() < SIZE || text.startsWith("ff")) {
            return false;
        }
        boolean first = text.startsWith("00");
        if (text.length() > SIZE && (first || text.charAt(SIZE) != '-')) {
            return false;
        }
        return hex(text, 0, 2, false)
                && text.charAt(2) == '-'
                && hex(text, TRACE, SPAN - 1, true)
                && text.charAt(SPAN - 1) == '-'
                && hex(text, SPAN, FLAGS - 1, true)
                && text.charAt(FLAGS - 1) == '-'
                && hex(text, FLAGS, SIZE, false);
    }

    private static boolean hex(String text, int from, int to, boolean notZero) {
        boolean zero = true;
        for (int i = from; i < to; i++) {
            char letter = text.charAt(i);
            if (!Octets.digit(letter) && (letter < 'a' || letter > 'f')) {
                return false;
            }
            zero &= letter == '0';
        }
        return !notZero || !zero;
    }
}
