package com.foobar.database.dialect;

/**
 * Semi-synchronous replication as one node sees it.
 *
 * @param asSource it waits for acknowledgements before it confirms a commit
 * @param asReplica it acknowledges what it has received
 * @param ackers connected replicas that acknowledge to it
 * @param waiting commits that wait for an acknowledgement now
 */
public record SemiSync(boolean asSource, boolean asReplica, int ackers, int waiting) {}
