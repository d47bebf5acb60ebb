package com.foobar.appserver.data;

import java.sql.SQLException;

/**
 * The connection was lost after a write or a commit had been sent and before its answer came: it may have happened or not. Nobody
 * repeats it silently; the application looks whether it happened, or repeats it under the same idempotency key. Applications that cannot
 * see this class know it by its SQLState.
 */
public final class OutcomeUnknownException extends SQLException {
    private static final long serialVersionUID = 1L;
    /** "Transaction resolution unknown", in the SQL standard's own words. */
    public static final String SQL_STATE = "08007";

    OutcomeUnknownException(String message, SQLException cause) {
        super(message, SQL_STATE, cause.getErrorCode(), cause);
    }
}
