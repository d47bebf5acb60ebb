package com.foobar.database.coordinator;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Moment;
import com.foobar.database.model.Term;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the quorum last confirmed to this coordinator. Immutable, so that keepers' threads can be answered from it without waiting for
 * the ring.
 *
 * @param confirmed when the question was sent; null when nothing was ever confirmed
 * @param stored the quorum's own number of the record, 0 when there is none
 * @param recordSince when this coordinator first knew this version of the record
 */
record Tenure(Term term, @Nullable Moment confirmed, long stored, @Nullable ClusterRecord record, Moment recordSince) {

    static Tenure none(Moment now) {
        return new Tenure(Term.NONE, null, 0, null, now);
    }

    /** From the question on nobody else was confirmed for so long: within it this coordinator speaks for the cluster. */
    boolean holds(Moment now, Duration lease) {
        return confirmed != null && now.since(confirmed).compareTo(lease) < 0;
    }

    Tenure confirmed(Term by, Moment asked) {
        boolean newer = confirmed == null || confirmed.isBefore(asked) || !by.equals(term);
        return new Tenure(by, newer ? asked : confirmed, stored, record, recordSince);
    }

    /** An answer may be late: the higher number counts. */
    Tenure knowing(long number, ClusterRecord news, Moment now) {
        return number > stored ? new Tenure(term, confirmed, number, news, now) : this;
    }

    /** Deposed: all but the record is forgotten. */
    Tenure lapsed() {
        return new Tenure(term, null, stored, record, recordSince);
    }
}
