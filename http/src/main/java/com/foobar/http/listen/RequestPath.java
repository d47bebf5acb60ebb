package com.foobar.http.listen;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * PURE. The one place that decides what a path is. The result is what rules are checked against, what is forwarded and what a
 * file is looked up by, so no two tiers can read it differently.
 *
 * <p>Refused: what does not begin with a slash, octets that no path has, invalid escapes, an escaped NUL or other control, a
 * backslash plain or escaped, an escaped slash, {@code ..} above the root, and {@code .;} or {@code ..;} (some servers cut
 * parameters before they resolve dots). Normalised: escaped letters, digits and {@code -._~} are written plainly, other escapes
 * in upper case, {@code .} and {@code ..} are resolved, several slashes become one. Parameters after {@code ;} stay.
 */
public final class RequestPath {

    private RequestPath() {}

    /** The normalised path, the same object when there was nothing to do; null when it is refused. */
    public static @Nullable String normalise(String path) {
        return plain(path) ? path : rewrite(path);
    }

    /**
     * The path with every escape resolved, for looking up a file; null when the escapes are not UTF-8. Only for a normalised
     * path, and never to be forwarded.
     */
    public static @Nullable String decode(String normalised) {
        if (normalised.indexOf('%') < 0) {
            return normalised;
        }
        ByteBuffer octets = ByteBuffer.allocate(normalised.length());
        for (int i = 0; i < normalised.length(); i++) {
            char letter = normalised.charAt(i);
            if (letter == '%') {
                octets.put((byte) escaped(normalised, i));
                i += 2;
            } else {
                octets.put((byte) letter);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Most paths: nothing to resolve, nothing to refuse. */
    private static boolean plain(String path) {
        int size = path.length();
        if (size == 0 || path.charAt(0) != '/') {
            return false;
        }
        char previous = 0;
        for (int i = 0; i < size; i++) {
            char letter = path.charAt(i);
            if (letter > 126 || letter == '%' || letter == ';' || letter == '?' || !Octets.TARGET[letter]) {
                return false;
            }
            if (previous == '/' && (letter == '.' || letter == '/')) {
                return false;
            }
            previous = letter;
        }
        return true;
    }

    private static @Nullable String rewrite(String path) {
        int size = path.length();
        if (size == 0 || path.charAt(0) != '/') {
            return null;
        }
        StringBuilder out = new StringBuilder(size);
        int at = 0;
        while (at < size) {
            // Here at is the slash before a segment.
            out.append('/');
            int start = out.length();
            at = segment(path, at + 1, out);
            if (at < 0) {
                return null;
            }
            if (!resolve(out, start, at >= size)) {
                return null;
            }
        }
        return out.toString();
    }

    /** Copies one segment in its normal form; returns where the next slash is, or the end, or -1 when it is refused. */
    private static int segment(String path, int from, StringBuilder out) {
        int at = from;
        while (at < path.length() && path.charAt(at) != '/') {
            char letter = path.charAt(at);
            if (letter != '%') {
                if (letter > 126 || letter == '?' || !Octets.TARGET[letter]) {
                    return -1;
                }
                out.append(letter);
                at++;
                continue;
            }
            int octet = escaped(path, at);
            if (octet < 0x20 || octet == 0x7f || octet == '/' || octet == '\\') {
                return -1;
            }
            if (unreserved(octet)) {
                out.append((char) octet);
            } else {
                out.append('%').append(digit(octet >> 4)).append(digit(octet & 15));
            }
            at += 3;
        }
        return at;
    }

    /** Deals with the segment that was just written: keeps it, or takes dots and emptiness away. */
    private static boolean resolve(StringBuilder out, int start, boolean last) {
        int length = out.length() - start;
        int dots = dots(out, start);
        if ((length == 0 && !last) || (dots == 1 && length == 1)) {
            // Keeps the slash of a path that ends so; otherwise the next segment brings its own.
            out.setLength(last ? start : start - 1);
            return true;
        }
        if (dots == 2 && length == 2) {
            if (start == 1) {
                return false;
            }
            int parent = out.lastIndexOf("/", start - 2);
            out.setLength(last ? parent + 1 : parent);
            return true;
        }
        return dots == 0 || !parametersFollow(out, start + dots);
    }

    private static int dots(StringBuilder out, int start) {
        int dots = 0;
        while (dots < 3 && start + dots < out.length() && out.charAt(start + dots) == '.') {
            dots++;
        }
        return dots > 2 ? 0 : dots;
    }

    private static boolean parametersFollow(StringBuilder out, int at) {
        return at < out.length()
                && (out.charAt(at) == ';'
                        || (at + 2 < out.length() && out.substring(at, at + 3).equals("%3B")));
    }

    /** The octet of the escape that begins here, or -1. */
    private static int escaped(String path, int at) {
        if (at + 2 >= path.length()) {
            return -1;
        }
        int high = Octets.hex(path.charAt(at + 1));
        int low = Octets.hex(path.charAt(at + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static boolean unreserved(int octet) {
        return octet < 128
                && (Character.isLetterOrDigit(octet) || octet == '-' || octet == '.' || octet == '_' || octet == '~');
    }

    private static char digit(int value) {
        return (char) (value < 10 ? '0' + value : 'A' + value - 10);
    }
}
