package com.foobar.database.act;

import com.foobar.kernel.value.HostPort;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A deed that failed on a node; the kind says what that tells about the node. */
public final class NodeFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** What failed. */
    public enum Kind {
        /** Nobody listens there: it is dead, or not yet up. */
        REFUSED,
        /** No answer in time: it hangs, or the way there is cut. Whether the deed was done is unknown. */
        TIMEOUT,
        /** The connection broke, or what answers is no database. Whether the deed was done is unknown. */
        BROKEN,
        /** It lives, but lets this account not in. */
        DENIED,
        /** It lives and has no connection left. */
        FULL,
        /** The account may not do this. */
        NOT_PERMITTED,
        /** A write met a read-only node. */
        READ_ONLY,
        /** The server refused the statement for another reason. */
        STATEMENT,
        /** The node is not as the deed needs it; nothing was done. */
        UNFIT,
        /** Not all that was received is applied; nothing was done. */
        NOT_DRAINED,
        /** It has writes that the others lack; nothing was done. */
        ERRANT
    }

    private static final int ACCESS_DENIED = 1045;
    private static final int HOST_DENIED = 1130;
    private static final int ENCRYPTION_NEEDED = 3159;
    private static final int TOO_MANY = 1040;
    private static final int TOO_MANY_OF_USER = 1203;
    private static final int DATABASE_DENIED = 1044;
    private static final int TABLE_DENIED = 1142;
    private static final int PRIVILEGE_NEEDED = 1227;

    private final Kind kind;
    private final int code;

    private NodeFailure(Kind kind, int code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
    }

    static NodeFailure of(Kind kind, HostPort at, String why) {
        return new NodeFailure(kind, 0, "database node " + at + ": " + why, null);
    }

    /** @param readOnly the dialect takes the code for a refusal by a read-only node */
    static NodeFailure of(HostPort at, String doing, SQLException failed, boolean readOnly) {
        Kind kind = readOnly ? Kind.READ_ONLY : kind(failed);
        return new NodeFailure(
                kind, failed.getErrorCode(), "database node " + at + ", " + doing + ": " + words(kind, failed), failed);
    }

    /** A driver that is fed rubbish may stumble in any way. */
    static NodeFailure rubbish(HostPort at, String doing, RuntimeException failed) {
        return new NodeFailure(
                Kind.BROKEN,
                0,
                "database node " + at + ", " + doing + ": what answers is no database (" + failed + ")",
                failed);
    }

    private static Kind kind(SQLException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return Kind.TIMEOUT;
            }
            if (cause instanceof ConnectException) {
                return String.valueOf(cause.getMessage()).contains("timed out") ? Kind.TIMEOUT : Kind.REFUSED;
            }
        }
        return switch (failed.getErrorCode()) {
            case ACCESS_DENIED, HOST_DENIED, ENCRYPTION_NEEDED -> Kind.DENIED;
            case TOO_MANY, TOO_MANY_OF_USER -> Kind.FULL;
            case DATABASE_DENIED, TABLE_DENIED, PRIVILEGE_NEEDED -> Kind.NOT_PERMITTED;
            // Without a server's number it is the driver that complains: of the connection, or of rubbish on it.
            case 0 -> Kind.BROKEN;
            default -> String.valueOf(failed.getSQLState()).startsWith("08") ? Kind.BROKEN : Kind.STATEMENT;
        };
    }

    private static String words(Kind kind, SQLException failed) {
        return switch (kind) {
            case REFUSED -> "nobody listens there";
            case TIMEOUT -> "no answer in time";
            case BROKEN -> "the connection broke";
            default -> failed.getMessage() + " (" + failed.getErrorCode() + ")";
        };
    }

    public Kind kind() {
        return kind;
    }

    /** The server's error number, 0 if it did not answer. */
    public int code() {
        return code;
    }
}
