package com.foobar.database.dialect;

/** How one position stands to another. */
public enum Standing {
    SAME,
    AHEAD,
    BEHIND,
    /** Each has something that the other lacks, or they disagree on what came at the same place. */
    DIVERGED
}
