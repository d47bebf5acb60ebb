package com.foobar.http.pool;

/** What the checks say about a backend: the first of the two axes of {@link Health}. */
public enum Checked {
    /** Never checked, or not checked since it left maintenance: it gets nothing, because nobody knows whether it answers. */
    UNKNOWN,
    UP,
    DOWN,
    /** The active check is content, but real requests failed in a row: out for a while. */
    EJECTED
}
