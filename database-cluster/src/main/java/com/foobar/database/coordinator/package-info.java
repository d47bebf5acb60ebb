/**
 * The ring observe → decide → act. One thread looks at what came in, asks the pure room {@code decide} for its turn and carries the
 * actions out; it never waits for a node, a disk or the quorum: their answers come back into the same ring. Nothing is decided here but
 * whether this coordinator may speak at all (it leads, and a confirmation of that is fresh), and when there is a cluster to begin.
 *
 * <p>What application servers are told comes from the coordinator that leads and holds a fresh confirmation, and from nobody else: a
 * follower says that it does not know and names the leader. Relaying the leader's document with what is left of its validity was
 * rejected, because it needs clocks to be compared or another protocol between coordinators, and saves a reader one question.
 */
@NullMarked
package com.foobar.database.coordinator;

import org.jspecify.annotations.NullMarked;
