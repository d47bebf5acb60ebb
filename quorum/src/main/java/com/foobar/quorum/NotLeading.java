package com.foobar.quorum;

import java.util.Optional;

/** This voter holds no lease, or could not show in time that it does. */
public final class NotLeading extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<String> leader;

    public NotLeading(String why, Optional<String> leader) {
        super(why);
        this.leader = leader;
    }

    /** Who leads instead, if that is known. */
    public Optional<String> leader() {
        return leader;
    }
}
