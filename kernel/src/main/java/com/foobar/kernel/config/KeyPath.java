package com.foobar.kernel.config;

import com.foobar.kernel.value.Alphabet;
import java.util.ArrayList;
import java.util.List;

/** The way to a key. A list of parts, never a dotted string, because a map's key may be a host name. */
record KeyPath(List<String> parts, String text) {
    static final KeyPath ROOT = new KeyPath(List.of(), "");

    KeyPath child(String key) {
        return with(key, text.isEmpty() ? quoted(key) : text + "." + quoted(key));
    }

    KeyPath item(int index) {
        return with(Integer.toString(index), text + "[" + index + "]");
    }

    private KeyPath with(String part, String newText) {
        List<String> longer = new ArrayList<>(parts.size() + 1);
        longer.addAll(parts);
        longer.add(part);
        return new KeyPath(List.copyOf(longer), newText);
    }

    String last() {
        return parts.isEmpty() ? "" : parts.get(parts.size() - 1);
    }

    /** Reads {@code lb.routes."www.foobar.com".pool} and {@code certs[0].file}; the inverse of {@link #text}. */
    static KeyPath parse(String text) {
        KeyPath path = ROOT;
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == '[' && at > 0) {
                int end = text.indexOf(']', at);
                path = path.item(index(end < 0 ? "" : text.substring(at + 1, end)));
                at = end + 1;
            } else if (text.charAt(at) == '"') {
                int end = text.indexOf('"', at + 1);
                if (end < 0) {
                    throw new IllegalArgumentException("the key has a quote that is never closed");
                }
                path = path.child(text.substring(at + 1, end));
                at = end + 1;
            } else {
                int end = plainEnd(text, at);
                if (end == at) {
                    throw new IllegalArgumentException("the key has an empty part");
                }
                path = path.child(text.substring(at, end));
                at = end;
            }
            at = afterDot(text, at);
        }
        return path;
    }

    private static int plainEnd(String text, int from) {
        int end = from;
        while (end < text.length() && ".[\"".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static int afterDot(String text, int at) {
        if (at == text.length() || text.charAt(at) == '[') {
            return at;
        }
        if (text.charAt(at) != '.' || at + 1 == text.length()) {
            throw new IllegalArgumentException("the key is not names joined by dots");
        }
        return at + 1;
    }

    private static int index(String digits) {
        if (digits.isEmpty() || digits.length() > 6 || !Alphabet.DIGITS.spells(digits)) {
            throw new IllegalArgumentException("the key has a list index that is not a number");
        }
        return Integer.parseInt(digits);
    }

    static String quoted(String key) {
        return isPlain(key) ? key : '"' + Quote.oneLine(key) + '"';
    }

    /** A loop and not a stream: the first stream of a JVM costs ten milliseconds, and this runs at every start. */
    private static boolean isPlain(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c <= ' ' || c == 127 || ".\"[]".indexOf(c) >= 0) {
                return false;
            }
        }
        return !key.isEmpty();
    }
}
