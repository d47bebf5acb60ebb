package com.foobar.database.dialect;

import com.foobar.kernel.value.Secret;

/** One statement. Its print is for logs and plans and does not show a password that the text contains. */
public final class Sql {
    private final String text;
    private final String shown;

    private Sql(String text, String shown) {
        this.text = text;
        this.shown = shown;
    }

    public static Sql of(String text) {
        return new Sql(text, text);
    }

    /** The place of the secret is marked {@code ?} in the text, once. */
    static Sql of(String text, Secret secret) {
        return of(text, secret.reveal());
    }

    /** What stands in for {@code ?} is no password but good enough to guess at one. */
    static Sql of(String text, String secret) {
        return new Sql(text.replace("?", "'" + secret + "'"), text.replace("?", "'***'"));
    }

    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sql that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return shown;
    }
}
