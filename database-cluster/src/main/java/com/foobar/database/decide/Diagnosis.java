package com.foobar.database.decide;

/** What is the matter with the cluster; the order of {@link Diagnoses} decides which one counts when several hold. */
public enum Diagnosis {
    QUORUM_LOST("this coordinator does not hold the lease: it decides nothing"),
    TWO_WRITABLE("a node that is not the primary takes writes"),
    FAILOVER_UNFINISHED(
            "an epoch is claimed and nobody was crowned: somebody died on the way, or nothing could be proven"),
    NEVER_FOUNDED("no epoch has begun yet"),
    CLOSED("the primary was taken out of office in good order and nobody followed"),
    PROMOTION_UNFINISHED("the crowned primary answers and does not yet take writes"),
    PRIMARY_FOREIGN("the primary answers with the data of another cluster"),
    PRIMARY_DEAD("the primary's process has ended"),
    PRIMARY_HUNG("the primary does not answer while its host does"),
    PRIMARY_CUT_OFF("the primary does not answer, nor its host, and the replicas have lost it too"),
    PRIMARY_UNSEEN("the primary does not answer here, but replicas are still attached to it"),
    PRIMARY_SUSPECT("the primary did not answer, not yet for long enough"),
    PRIMARY_READ_ONLY("the primary answers and takes no writes: it was restarted"),
    PRIMARY_FULL(
            "the disk of the primary's data is full: writes wait until somebody makes room, or another takes over"),
    PRIMARY_ALONE("the primary is well and no replica can acknowledge: writes wait"),
    SOLO("the primary answers its clients alone, as declared: no failover can be proven"),
    HEALTHY("the primary takes writes and a replica acknowledges them");

    private final String sentence;

    Diagnosis(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }

    /** The process is known to be gone: damping never holds a provable failover back. */
    boolean isHard() {
        return this == PRIMARY_DEAD || this == PRIMARY_FOREIGN;
    }

    /** A fault that another primary cures. */
    boolean wantsFailover() {
        return isHard() || this == PRIMARY_HUNG || this == PRIMARY_CUT_OFF;
    }
}
