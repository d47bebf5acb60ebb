package com.foobar.kernel.config;

/** Foreign text inside a message. */
final class Quote {
    private static final int MOST_CHARACTERS = 80;

    private Quote() {}

    /** In quotes, and not a page of it. */
    static String of(String given) {
        int most = given.offsetByCodePoints(0, Math.min(MOST_CHARACTERS, given.codePointCount(0, given.length())));
        return '"' + oneLine(given.substring(0, most)) + (most < given.length() ? "..." : "") + '"';
    }

    /** On one line, with nothing in it that could rewrite the terminal the message is read on. */
    static String oneLine(String given) {
        StringBuilder line = new StringBuilder(given.length());
        int at = 0;
        while (at < given.length()) {
            int c = given.codePointAt(at);
            at += Character.charCount(c);
            if (c == '\n' || c == '\t') {
                line.append(c == '\n' ? "\\n" : "\\t");
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                line.append(String.format("\\x%02x", c));
            } else {
                line.appendCodePoint(c);
            }
        }
        return line.toString();
    }
}
