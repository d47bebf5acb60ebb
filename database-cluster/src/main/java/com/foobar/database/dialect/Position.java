package com.foobar.database.dialect;

/**
 * How far a node is in the history of writes. Opaque: what its text means, and which of two is ahead, only the dialect that made it
 * knows; two positions may also be neither.
 */
public final class Position {
    private final String text;

    /** The text in its dialect's one canonical spelling, so that equal positions are equal texts. */
    Position(String text) {
        this.text = text;
    }

    /** For logs and certificates; {@link Dialect#position} reads it back. */
    public String text() {
        return text;
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Position that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text.isEmpty() ? "(nothing)" : text;
    }
}
