package com.foobar.appserver.data;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** PURE: what a failure means, decided once for all places. */
enum Fault {
    /** The statement or its data are at fault, or a lock, a timeout, a constraint: the server is well and has answered. */
    CALLER,
    /** Nothing was changed; another node, or the same one later, may be asked. */
    ELSEWHERE,
    /** The node takes no writes: somebody else is primary by now. Nothing was changed. */
    STALE_PRIMARY,
    /** The connection was lost in the middle of a transaction, which is thereby undone. */
    UNDONE,
    /** It may have been changed or not. */
    UNKNOWN;

    /** ER_OPTION_PREVENTS_STATEMENT: the server runs with read_only. */
    private static final int READ_ONLY_SERVER = 1290;

    /** ER_READ_ONLY_MODE. */
    private static final int READ_ONLY_MODE = 1836;

    /** ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED. */
    private static final int TOO_MANY = 1040;

    private static final int TOO_MANY_OF_USER = 1203;
    private static final int SHUTDOWN = 1053;
    private static final int KILLED = 1927;
    private static final Set<Integer> ENDING = Set.of(SHUTDOWN, KILLED);

    /**
     * @param aborted whether the connection was known to be gone before the call began: then nothing of it was sent
     */
    static Fault of(SQLException failure, Phase phase, boolean aborted) {
        int code = failure.getErrorCode();
        if ((code == READ_ONLY_SERVER && mentionsReadOnly(failure)) || code == READ_ONLY_MODE) {
            return phase == Phase.READ ? CALLER : STALE_PRIMARY;
        }
        if (phase == Phase.OBTAIN) {
            return isAnswer(failure) && code != TOO_MANY && code != TOO_MANY_OF_USER && code != SHUTDOWN
                    ? CALLER
                    : ELSEWHERE;
        }
        // What the pool or the driver say of a connection that is gone is no answer of the server's.
        if (!isLost(failure) && !aborted) {
            return CALLER;
        }
        return switch (phase) {
            case OBTAIN, READ -> ELSEWHERE;
            case CHANGE -> UNDONE;
            case CHANGE_ALONE -> aborted ? ELSEWHERE : UNKNOWN;
            case COMMIT -> aborted ? UNDONE : UNKNOWN;
        };
    }

    private static boolean mentionsReadOnly(SQLException failure) {
        // 1290 is the answer to every statement that an option prevents, --secure-file-priv for one.
        String message = failure.getMessage();
        return message == null || message.contains("read-only") || message.contains("read_only");
    }

    /** The server itself has spoken, with a number of its own. */
    private static boolean isAnswer(SQLException failure) {
        return failure.getErrorCode() != 0;
    }

    /** The connection is of no more use. */
    static boolean isLost(SQLException failure) {
        String state = failure.getSQLState();
        if ((state != null && state.startsWith("08")) || ENDING.contains(failure.getErrorCode())) {
            return true;
        }
        if (failure instanceof SQLRecoverableException || failure instanceof SQLTransientConnectionException) {
            return true;
        }
        return failure.getErrorCode() == 0 && hasBrokenSocket(failure);
    }

    private static boolean hasBrokenSocket(Throwable failure) {
        int depth = 0;
        for (Throwable each = failure.getCause(); each != null && depth < 10; each = each.getCause(), depth++) {
            if (each instanceof IOException) {
                return true;
            }
        }
        return false;
    }
}
