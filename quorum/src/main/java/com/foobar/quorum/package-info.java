/**
 * A lease with a fencing term and a few small replicated records.
 *
 * <p>Four things hold it together. <em>Term</em>: every write is judged, on every voter alike, by the term of the leader that put it in
 * order. <em>Majority</em>: every confirmation is a round of questions sent after it was asked for. <em>Lease</em>: it counts from the
 * question, and a new leader confirms nothing before the last one's has ended. <em>Memory</em>: a voter that lost its folder is filled
 * again by the others; its vote does not count while its log is empty, so a majority of those that remember has to be up meanwhile.
 */
@NullMarked
package com.foobar.quorum;

import org.jspecify.annotations.NullMarked;
