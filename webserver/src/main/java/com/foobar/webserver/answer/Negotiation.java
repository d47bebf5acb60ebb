package com.foobar.webserver.answer;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which coding a client gets: RFC 9110, 12.5.3. Nobody is refused: the plain bytes are for whoever wants none of ours. */
public final class Negotiation {

    /** Weights in thousandths, as many digits as the grammar has. */
    private static final int FULL = 1000;

    private static final int NOT_NAMED = -1;

    private Negotiation() {}

    /** The best of the available codings that the client accepts at least as gladly as plain bytes; null for plain bytes. */
    public static @Nullable Coding pick(@Nullable String accept, Set<Coding> available) {
        if (accept == null || available.isEmpty()) {
            return null;
        }
        int identity = weight(accept, "identity", null);
        Coding best = null;
        int bestWeight = 0;
        for (Coding one : available) {
            int weight = weight(accept, one.token(), one == Coding.GZIP ? "x-gzip" : null);
            // Only plain bytes that were weighed by name stand against a coding: "*" is no wish for them.
            if (weight > bestWeight && weight >= identity) {
                best = one;
                bestWeight = weight;
            }
        }
        return best;
    }

    /** Of a coding in the list; "*" speaks for those not named, but not for identity. */
    private static int weight(String accept, String token, @Nullable String alias) {
        int any = NOT_NAMED;
        int length = accept.length();
        for (int from = 0; from < length; ) {
            int comma = accept.indexOf(',', from);
            int end = comma < 0 ? length : comma;
            int semicolon = accept.indexOf(';', from);
            int nameEnd = semicolon >= 0 && semicolon < end ? semicolon : end;
            int a = skipBlanks(accept, from, nameEnd);
            int b = trimBlanks(accept, a, nameEnd);
            if (is(accept, a, b, token) || (alias != null && is(accept, a, b, alias))) {
                return quality(accept, nameEnd, end);
            }
            if (b - a == 1 && accept.charAt(a) == '*') {
                any = quality(accept, nameEnd, end);
            }
            from = end + 1;
        }
        return token.equals("identity") ? NOT_NAMED : any;
    }

    private static boolean is(String text, int from, int to, String token) {
        return to - from == token.length() && text.regionMatches(true, from, token, 0, token.length());
    }

    /** Between the semicolon and the end of the item; what is no weight counts as none wanted. */
    private static int quality(String text, int semicolon, int end) {
        if (semicolon >= end) {
            return FULL;
        }
        int at = skipBlanks(text, semicolon + 1, end);
        int stop = trimBlanks(text, at, end);
        if (stop - at < 3 || (text.charAt(at) | 0x20) != 'q' || text.charAt(at + 1) != '=') {
            return 0;
        }
        char whole = text.charAt(at + 2);
        if (whole != '0' && whole != '1') {
            return 0;
        }
        int value = whole == '1' ? FULL : 0;
        if (stop - at == 3) {
            return value;
        }
        if (text.charAt(at + 3) != '.' || stop - at > 7) {
            return 0;
        }
        int unit = 100;
        for (int i = at + 4; i < stop; i++, unit /= 10) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return 0;
            }
            value += (digit - '0') * unit;
        }
        return value > FULL ? 0 : value;
    }

    private static int skipBlanks(String text, int from, int to) {
        int at = from;
        while (at < to && blank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int trimBlanks(String text, int from, int to) {
        int at = to;
        while (at > from && blank(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean blank(char letter) {
        return letter == ' ' || letter == '\t';
    }
}
