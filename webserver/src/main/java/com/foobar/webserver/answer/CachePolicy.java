package com.foobar.webserver.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long browsers and caches may keep a file unasked. The operator's rules come first, in their order; then names that carry
 * a hash of their content never change and are kept for good; everything else is asked about each time, which costs a 304.
 */
public final class CachePolicy {

    static final String FOREVER = "public, max-age=31536000, immutable";
    static final String ASK = "no-cache";
    private static final int SHORTEST_HASH = 8;
    private static final int LONGEST_HASH = 64;

    private record Rule(PathPattern pattern, String value) {}

    private final List<Rule> rules = new ArrayList<>();

    public CachePolicy(Map<String, String> own) {
        own.forEach((pattern, value) -> rules.add(new Rule(new PathPattern(pattern), value)));
    }

    /** The Cache-Control of a file by its name relative to the root. */
    public String of(String name, String mediaType) {
        for (Rule rule : rules) {
            if (rule.pattern.covers(name)) {
                return rule.value;
            }
        }
        return !MediaTypes.html(mediaType) && hashed(FileName.last(name)) ? FOREVER : ASK;
    }

    /**
     * Whether a part of the name after its first dot or dash is a hash, as {@code app.3f2a9c1b.js} or {@code index-BkX9d3Fa.css}.
     * In doubt it is not: a date or a word taken for one would be kept for a year.
     */
    static boolean hashed(String fileName) {
        int end = fileName.lastIndexOf('.');
        if (end <= 0) {
            return false;
        }
        // A source map is named after its script: app.3f2a9c1b.js.map.
        int inner = fileName.lastIndexOf('.', end - 1);
        return hashBefore(fileName, end) || (inner > 0 && hashBefore(fileName, inner));
    }

    private static boolean hashBefore(String name, int end) {
        int start = end;
        while (start > 0 && alphanumeric(name.charAt(start - 1))) {
            start--;
        }
        int length = end - start;
        if (start == 0 || length < SHORTEST_HASH || length > LONGEST_HASH) {
            return false;
        }
        boolean separated = name.charAt(start - 1) == '.' || name.charAt(start - 1) == '-';
        return separated && random(name, start, end);
    }

    /** Digits and hexadecimal letters of one case, or digits and letters of both. */
    private static boolean random(String name, int start, int end) {
        boolean digits = false;
        boolean upper = false;
        boolean lower = false;
        boolean hex = true;
        for (int i = start; i < end; i++) {
            char letter = name.charAt(i);
            digits |= letter <= '9';
            upper |= letter >= 'A' && letter <= 'Z';
            lower |= letter >= 'a';
            hex &= Character.digit(letter, 16) >= 0;
        }
        return digits && ((upper && lower) || (hex && (upper || lower)));
    }

    private static boolean alphanumeric(char letter) {
        return letter < 128 && Character.isLetterOrDigit(letter);
    }

    /** Whether this may stand in a Cache-Control field. */
    public static boolean legal(String value) {
        return !value.isBlank() && value.chars().allMatch(letter -> letter >= ' ' && letter <= '~');
    }
}
