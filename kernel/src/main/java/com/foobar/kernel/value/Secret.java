package com.foobar.kernel.value;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Text that no log, error or listing may show. A class, not a record: a record's accessor and toString would give it away. */
public final class Secret {
    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    public static Secret parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a secret that is not empty");
        }
        return new Secret(text);
    }

    /** The one way to the text, so that a search for its callers lists every use. */
    public String reveal() {
        return text;
    }

    /** Takes the same time wherever the two differ: the comparison may be reached by a stranger's guess. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), that.text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
