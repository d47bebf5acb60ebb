package com.foobar.database.keeper;

import com.foobar.database.model.Moment;
import com.foobar.database.model.Term;
import com.foobar.database.node.LeaseAnswer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * PURE. The lease a keeper holds, and what it has heard: terms and versions only grow.
 *
 * @param until when it ends, by the keeper's own clock; null while none was ever given
 * @param barred it was taken back: from {@code until} on others rely on that
 */
record Lease(@Nullable Moment until, Duration length, boolean barred, Term term, long version) {

    static Lease none(Term term, long version) {
        return new Lease(null, Duration.ZERO, false, term, version);
    }

    boolean holds(Moment now) {
        return !barred && until != null && now.isBefore(until);
    }

    /** The end is nearer than this part of its length. */
    boolean endsWithin(double part, Moment now) {
        return until == null || !now.plus(part(part)).isBefore(until);
    }

    private Duration part(double part) {
        return Duration.ofNanos((long) (length.toNanos() * part));
    }

    /** An answer of somebody who was deposed, or that was overtaken. */
    boolean isOutdatedBy(Term saidIn, long saidUnder) {
        return saidIn.compareTo(term) < 0 || saidUnder < version;
    }

    /**
     * @param asked when the question was sent: the span counts from there, because the answer may have been long on its way
     * @param mayExtend false when the server began to take writes since: what was granted was granted to a replica
     */
    Lease granted(LeaseAnswer.Granted answer, Moment asked, boolean mayExtend) {
        Moment end = asked.plus(answer.length());
        boolean later = until == null || until.isBefore(end);
        return new Lease(
                mayExtend && later ? end : until,
                mayExtend ? answer.length() : length,
                barred && !mayExtend,
                answer.term(),
                answer.version());
    }

    Lease takenBack(Term by, long under) {
        return new Lease(until, length, true, by, under);
    }
}
