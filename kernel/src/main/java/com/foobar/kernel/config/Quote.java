package com.foobar.kernel.config;

/** Foreign text inside a message: one line, and not a page of it. */
final class Quote {
    private static final int MOST_CHARACTERS = 80;

    private Quote() {}

    static String of(String given) {
        return '"' + oneLine(given) + '"';
    }

    static String oneLine(String given) {
        StringBuilder line = new StringBuilder();
        given.codePoints().limit(MOST_CHARACTERS).forEach(c -> {
            // Control characters could rewrite the terminal the message is read on.
            if (Character.isISOControl(c)) {
                line.append(c == '\n' ? "\\n" : c == '\t' ? "\\t" : String.format("\\x%02x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return given.codePointCount(0, given.length()) > MOST_CHARACTERS ? line + "..." : line.toString();
    }
}
