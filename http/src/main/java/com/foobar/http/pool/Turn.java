package com.foobar.http.pool;

/** A backend's place in the rotation. Guarded by the lock of the {@link Rotation}; carried over a reload by name. */
final class Turn {
    /** What the backend is owed (positive) or was given in advance (negative), in {@code 1/unit} of a request. */
    long credit;

    /** The number of its last pick in this rotation, for ties: who waited longer comes first. Compare by difference. */
    long last;

    private long unit = 1;

    Turn(long last) {
        this.last = last;
    }

    /**
     * Restates the credit in another unit. Rounding is always downwards: then the difference of two backends that went through
     * the same restatements stays an exact number of requests, which is what keeps equal weights within one of each other.
     */
    long creditIn(long newUnit) {
        if (unit != newUnit) {
            long whole = Math.floorDiv(credit, unit);
            long part = Math.floorMod(credit, unit);
            credit = whole * newUnit + part * newUnit / unit;
            unit = newUnit;
        }
        return credit;
    }
}
