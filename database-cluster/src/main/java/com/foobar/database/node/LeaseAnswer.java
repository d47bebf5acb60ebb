package com.foobar.database.node;

import com.foobar.database.model.Term;
import java.time.Duration;

/** What a keeper was told. */
public sealed interface LeaseAnswer {

    /**
     * Another span is given.
     *
     * @param version of the record under which it was given: orders of an older one are refused from now on
     */
    record Granted(Term term, long version, Duration length) implements LeaseAnswer {}

    /** By a coordinator that holds the lease of the quorum: the keeper stops its server now. */
    record Barred(Term term, long version, String why) implements LeaseAnswer {}

    /** Nobody who leads was reached: the lease that is held runs on to its end. */
    record Unanswered(String why) implements LeaseAnswer {}
}
