package com.foobar.kernel.value;

/**
 * Which characters a text may be made of. A loop and not a stream or a regular expression: the first of either costs a JVM
 * ten milliseconds, and these run at every start.
 */
public enum Alphabet {
    DIGITS("0123456789"),
    DECIMAL("0123456789.-eE"),
    IPV6("0123456789abcdefABCDEF:."),
    HOST("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    private final String letters;

    Alphabet(String letters) {
        this.letters = letters;
    }

    /** Whether the text holds nothing else; an empty text does. */
    public boolean spells(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (letters.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }
}
