package com.foobar.database.decide;

/** The stages of a failover, in their only order; each says why it stands where it stands. */
public enum Stage {
    CLAIM("take the next epoch under the lease: the old primary's keeper gets no more lease", false),
    FENCE("make sure the old primary takes no more writes", false),
    STOP_RECEIVERS("stop the receivers of all that may have acknowledged: nothing more can be confirmed", false),
    SNAPSHOT("look anew: only now are the positions final", false),
    DRAIN("apply all that was received; no time limit promotes anyway", false),
    CONFIRM_LEASE("ask the quorum once more whether this coordinator still leads", false),
    CROWN("write the new primary, its ackers and the floor into the record", true),
    PROMOTE("let the new primary take writes", true),
    PUBLISH("tell the application servers", true),
    REPOINT("let the others follow", true),
    OVER("done", true);

    private final String sentence;
    private final boolean irreversible;

    Stage(String sentence, boolean irreversible) {
        this.sentence = sentence;
        this.irreversible = irreversible;
    }

    public String sentence() {
        return sentence;
    }

    /** Whether the crown is given: from there on only forward. */
    public boolean isPastNoReturn() {
        return irreversible;
    }
}
