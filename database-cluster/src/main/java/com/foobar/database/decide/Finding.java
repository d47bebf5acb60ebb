package com.foobar.database.decide;

/** A diagnosis with the look it was drawn from; the words are made only when somebody reads them. */
public record Finding(Diagnosis diagnosis, Sight sight) {

    /** What it was drawn from, with numbers. */
    public String evidence() {
        return Diagnoses.evidence(sight);
    }

    @Override
    public String toString() {
        return diagnosis + ": " + diagnosis.sentence() + " (" + evidence() + ")";
    }
}
