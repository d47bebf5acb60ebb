package com.foobar.appserver.data;

/** What was being done when it failed. */
enum Phase {
    /** Getting a connection. */
    OBTAIN,
    READ,
    /** A change inside a transaction that was not committed yet. */
    CHANGE,
    /** A change that commits by itself. */
    CHANGE_ALONE,
    COMMIT;

    /**
     * @param open the server has a transaction open
     * @param manual the next change will open one, for nothing commits by itself
     * @param readOnly the connection cannot change anything
     */
    static Phase of(SqlText text, boolean open, boolean manual, boolean readOnly) {
        if (readOnly) {
            return READ;
        }
        return switch (text) {
            case COMMIT -> COMMIT;
            case READ, SESSION, BEGIN, BEGIN_READ_ONLY, READ_ONLY_TRANSACTION, READ_WRITE_TRANSACTION, ROLLBACK ->
                open ? CHANGE : READ;
            case CHANGE -> open || manual ? CHANGE : CHANGE_ALONE;
            // It commits what came before and itself, whatever the application believes of its transaction.
            case DEFINE -> CHANGE_ALONE;
        };
    }
}
