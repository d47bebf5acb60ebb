package com.foobar.http.listen;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * PURE. What one head says about where its body ends and whom it is for. Names are compared letter by letter as they pass, so
 * that a name cut in two by a packet border is still the name it is.
 */
final class Framing {

    private static final int HOST = 1;
    private static final int LENGTH = 2;
    private static final int CODING = 4;
    private static final int ANY = HOST | LENGTH | CODING;

    private static final int BEFORE = 0;
    private static final int WITHIN = 1;
    private static final int AFTER = 2;

    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
    private static final int HOST_SIZE = "host".length();
    private static final int LENGTH_SIZE = "content-length".length();
    private static final int CODING_SIZE = "transfer-encoding".length();

    /** More digits would not fit a long, and a body of a million terabytes is not meant. */
    private static final int MOST_DIGITS = 18;

    /** For each place in a name and each octet: which of the watched names have that octet there. */
    private static final byte[] NAMES = new byte[CODING_SIZE << 7];

    static {
        place("host", HOST);
        place("content-length", LENGTH);
        place("transfer-encoding", CODING);
    }

    boolean version11;

    private int candidate;
    private int watched;
    private int phase;
    private int digits;
    private long length;
    private boolean badLength;
    private int letters;
    private boolean unknownCoding;
    private int hosts;
    private int lengths;
    private int codings;

    void reset() {
        hosts = 0;
        lengths = 0;
        codings = 0;
        length = 0;
        digits = 0;
        badLength = false;
        unknownCoding = false;
    }

    void nameBegins() {
        candidate = ANY;
    }

    /** Nearly all names part from the watched ones at their first letter, and then need no comparing. */
    boolean nameMayBeWatched() {
        return candidate != 0;
    }

    void nameGoesOn(int index, int octet) {
        candidate = index < CODING_SIZE ? candidate & NAMES[index << 7 | octet] : 0;
    }

    @Nullable
    Fault nameEnds(int size, boolean inTrailers) {
        boolean whole = (candidate == HOST && size == HOST_SIZE)
                || (candidate == LENGTH && size == LENGTH_SIZE)
                || (candidate == CODING && size == CODING_SIZE);
        watched = 0;
        if (!whole) {
            return null;
        }
        phase = BEFORE;
        if (inTrailers) {
            return Fault.BAD_CHUNK;
        }
        if (candidate == HOST) {
            return ++hosts > 1 ? Fault.BAD_HOST : null;
        }
        watched = candidate;
        if (candidate == CODING) {
            letters = 0;
            codings++;
            return null;
        }
        // Two lengths are refused even when equal: an intermediary that takes only one of them is one too many.
        return ++lengths > 1 ? Fault.BAD_LENGTH : null;
    }

    boolean watched() {
        return watched != 0;
    }

    void valueGoesOn(byte octet) {
        if (octet == ' ' || octet == '\t') {
            phase = phase == BEFORE ? BEFORE : AFTER;
            return;
        }
        boolean bad = phase == AFTER;
        phase = WITHIN;
        if (watched == LENGTH) {
            bad |= !Octets.digit(octet) || ++digits > MOST_DIGITS;
            length = bad ? 0 : length * 10 + (octet - '0');
            badLength |= bad;
        } else {
            bad |= letters >= CHUNKED.length || (octet | 0x20) != CHUNKED[letters];
            letters++;
            unknownCoding |= bad;
        }
    }

    @Nullable
    Fault valueEnds() {
        if (watched == LENGTH) {
            return badLength || digits == 0 ? Fault.BAD_LENGTH : null;
        }
        if (watched == CODING) {
            unknownCoding |= letters != CHUNKED.length;
        }
        return null;
    }

    @Nullable
    Fault headEnds() {
        if (version11 && hosts == 0) {
            return Fault.BAD_HOST;
        }
        if (codings == 0) {
            return null;
        }
        if (lengths > 0) {
            return Fault.LENGTH_AND_CODING;
        }
        if (!version11) {
            return Fault.MALFORMED;
        }
        return codings > 1 || unknownCoding ? Fault.UNKNOWN_CODING : null;
    }

    boolean chunked() {
        return codings > 0;
    }

    long length() {
        return length;
    }

    private static void place(String name, int bit) {
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            NAMES[i << 7 | letter] |= (byte) bit;
            NAMES[i << 7 | Character.toUpperCase(letter)] |= (byte) bit;
        }
    }
}
