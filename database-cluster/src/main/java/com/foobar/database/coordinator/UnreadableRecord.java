package com.foobar.database.coordinator;

/** The quorum keeps something under the cluster's name that this program does not understand: it decides nothing then. */
final class UnreadableRecord extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableRecord(String why) {
        super(why);
    }

    UnreadableRecord(String why, Throwable cause) {
        super(why, cause);
    }
}
