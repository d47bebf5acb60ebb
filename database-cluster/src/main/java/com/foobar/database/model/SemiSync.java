package com.foobar.database.model;

/**
 * Semi-synchronous replication as a node is set.
 *
 * @param waits as primary, it answers a client only after an acknowledgement
 * @param acks as replica, it acknowledges what it received
 */
public record SemiSync(boolean waits, boolean acks) {}
