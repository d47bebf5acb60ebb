package com.foobar.kernel.json;

/** The text is not the JSON we accept. Checked, because it is always somebody else's text and deserves an answer. */
public final class JsonSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offset;

    JsonSyntaxException(String problem, int offset) {
        super(problem + " at character " + (offset + 1));
        this.offset = offset;
    }

    /** Where reading stopped, counted in characters from 0. */
    public int offset() {
        return offset;
    }
}
