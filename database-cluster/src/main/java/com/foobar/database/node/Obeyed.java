package com.foobar.database.node;

/**
 * What a keeper said to an order.
 *
 * @param done false when it was refused, failed or nobody answered
 * @param detail why, in words
 */
public record Obeyed(boolean done, String detail) {}
