package com.foobar.database.coordinator;

import java.util.Optional;

/** This coordinator cannot speak for the cluster at this moment. */
public final class NobodyKnows extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<String> leader;

    NobodyKnows(String why, Optional<String> leader) {
        super(why);
        this.leader = leader;
    }

    /** Whom to ask instead, if that is known. */
    public Optional<String> leader() {
        return leader;
    }
}
