package com.foobar.lb.rule;

import com.foobar.kernel.value.Alphabet;

/**
 * The beginning of a path, up to the end of a segment: {@code /api} covers {@code /api} and {@code /api/x}, not
 * {@code /apix}. Parameters ({@code /admin;x=1}) are passed over as servlet containers do: a rule that can be evaded with a
 * semicolon protects nothing. Expects paths as {@code RequestPath.normalise} leaves them.
 */
final class PathPrefix {
    private static final String SIGNS = "-._~!$&'()*+,=:@/";

    private PathPrefix() {}

    /** Where in the path the prefix ends, or -1 when it does not cover the path. */
    static int end(String prefix, String path) {
        int at = 0;
        for (int i = 0; i < prefix.length(); i++) {
            char wanted = prefix.charAt(i);
            if (wanted == '/') {
                at = parameters(path, at);
            }
            if (at >= path.length() || path.charAt(at) != wanted) {
                return -1;
            }
            at++;
        }
        boolean boundary = prefix.endsWith("/") || at == path.length() || path.charAt(at) == '/';
        return (boundary || path.charAt(at) == ';') ? at : -1;
    }

    static boolean covers(String prefix, String path) {
        return end(prefix, path) >= 0;
    }

    private static int parameters(String path, int from) {
        int at = from;
        if (at < path.length() && path.charAt(at) == ';') {
            int slash = path.indexOf('/', at);
            at = slash < 0 ? path.length() : slash;
        }
        return at;
    }

    /** Whether a prefix written by a person can ever cover a normalised path. */
    static boolean legal(String prefix) {
        if (!prefix.startsWith("/") || prefix.contains("//")) {
            return false;
        }
        for (String segment : prefix.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        for (int i = 0; i < prefix.length(); i++) {
            char letter = prefix.charAt(i);
            if (letter == '%') {
                if (!escape(prefix, i)) {
                    return false;
                }
                i += 2;
            } else if (!plain(letter) && SIGNS.indexOf(letter) < 0) {
                return false;
            }
        }
        return true;
    }

    /** In upper case and only for what needs it: requests are compared in that form. */
    private static boolean escape(String text, int at) {
        if (at + 2 >= text.length()) {
            return false;
        }
        int high = hex(text.charAt(at + 1));
        int low = hex(text.charAt(at + 2));
        int octet = (high << 4) | low;
        boolean needed = octet > 0x7e || !(plain((char) octet) || "-._~/\\".indexOf(octet) >= 0);
        return high >= 0 && low >= 0 && octet >= 0x20 && octet != 0x7f && needed;
    }

    private static int hex(char digit) {
        return "0123456789ABCDEF".indexOf(digit);
    }

    private static boolean plain(char letter) {
        return letter != '-' && letter != '.' && letter != '_' && Alphabet.HOST.spells(String.valueOf(letter));
    }
}
