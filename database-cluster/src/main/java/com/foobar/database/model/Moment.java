package com.foobar.database.model;

import java.time.Duration;

/** A point on the monotonic clock of one process; it means nothing in another process and never goes into the record. */
public record Moment(long nanos) {

    public Moment plus(Duration length) {
        return new Moment(nanos + length.toNanos());
    }

    /** How long after the other this is; negative when before. */
    public Duration since(Moment earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }

    /** By difference, as the origin of a monotonic clock is arbitrary and it may wrap. */
    public boolean isBefore(Moment other) {
        return nanos - other.nanos < 0;
    }
}
