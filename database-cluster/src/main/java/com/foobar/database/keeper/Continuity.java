package com.foobar.database.keeper;

import com.foobar.database.dialect.Receiver.Threads;

/**
 * PURE. Whether a replica's relay log is still the one it was. MariaDB empties it when either thread starts while neither runs, and what
 * it had acknowledged and not applied is gone. As long as one of the two is the thread it was, that cannot have happened. With both
 * others, or none, it may have: then it has.
 */
record Continuity(Threads known) {

    static final Continuity NONE = new Continuity(Threads.NONE);

    boolean isBrokenBy(Threads seen) {
        boolean sameReceiver = seen.receiving() != 0 && seen.receiving() == known.receiving();
        boolean sameApplier = seen.applying() != 0 && seen.applying() == known.applying();
        return !seen.equals(known) && !sameReceiver && !sameApplier;
    }
}
