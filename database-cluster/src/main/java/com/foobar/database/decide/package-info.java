/**
 * PURE. What to do, from what is seen: diagnoses as rows of an ordered table, who may be promoted and why, and machines whose
 * every step is state + observation → (next state, actions). Nothing here does anything; the act room does, and may be killed
 * after any action: whoever comes next goes on from the record and from what it sees.
 *
 * <p>What the act room and the nodes' keepers must give for the proofs to hold:
 * <ul>
 *   <li>a record is written by compare-and-set on its version, refused by the quorum for a term that is not the holder's;
 *   <li>a node order is stamped (term, version of the record, sequence) and checked <em>on the node</em>: a lower term, or a lower
 *       sequence of the same term, or a version lower than that of the node's last lease is refused, and a node without a lease
 *       refuses to be promoted or to follow. A check of the lease in the coordinator alone is not enough: it may be paused between
 *       the check and the order;
 *   <li>an order that names a boot is refused in any other life of the server;
 *   <li>a server is started by order only, read-only, its receiver stopped, and keeps its tail unless told to truncate it.
 * </ul>
 */
@NullMarked
package com.foobar.database.decide;

import org.jspecify.annotations.NullMarked;
