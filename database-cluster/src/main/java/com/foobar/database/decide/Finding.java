package com.foobar.database.decide;

/** A diagnosis with what it was drawn from, in words with numbers. */
public record Finding(Diagnosis diagnosis, String evidence) {
    @Override
    public String toString() {
        return diagnosis + ": " + diagnosis.sentence() + " (" + evidence + ")";
    }
}
