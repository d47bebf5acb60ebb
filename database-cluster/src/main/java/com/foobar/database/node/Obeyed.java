package com.foobar.database.node;

/**
 * What a keeper said to an order.
 *
 * @param done false when it was refused, failed or nobody answered
 * @param detail why, in words
 */
public record Obeyed(boolean done, String detail) {

    public static final String UNDER_WAY = "the same is under way";

    /** It was told twice, and the first time counts. */
    public boolean isPassing() {
        return !done && detail.endsWith(UNDER_WAY);
    }
}
