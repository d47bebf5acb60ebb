package com.foobar.quorum;

/**
 * What a leased read answered.
 *
 * @param term of the lease that was held
 * @param askedNanos on the monotonic clock, when the question was sent: the lease held at some moment after it
 * @param version of the record, 0 when it was never written
 * @param content empty when it was never written
 */
public record Confirmed(long term, long askedNanos, long version, String content) {}
