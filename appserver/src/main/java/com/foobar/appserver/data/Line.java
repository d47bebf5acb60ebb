package com.foobar.appserver.data;

import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.ServerSessionStateController.ServerSessionStateChanges;
import com.mysql.cj.protocol.ServerSessionStateController.SessionStateChange;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of the driver's, below the pool: what a pool hands out hides what has to be known and done here. */
final class Line {

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);
    private static final String LAST_GTID = "last_gtid";

    private final JdbcConnection raw;
    private volatile boolean aborted;
    /** As last read, by identity: the driver keeps the same ones until the server says something new. */
    private @Nullable ServerSessionStateChanges seen;

    Line(JdbcConnection raw) {
        this.raw = raw;
    }

    /**
     * What the last answer says was written, if that is new. Asked for after each statement rather than listened to: the driver adds
     * and takes away listeners of its own while it tells them, and breaks when there is another.
     */
    CausalToken written() {
        ServerSessionStateChanges changes =
                raw.getServerSessionStateController().getSessionStateChanges();
        if (changes == null || changes == seen) {
            return CausalToken.NONE;
        }
        seen = changes;
        return gtids(changes);
    }

    /** The server has a transaction open, by whatever statement it began; known from the last answer without asking. */
    boolean isInTransaction() {
        return !aborted
                && raw.getSession() != null
                && raw.getSession().getServerSession().inTransactionOnServer();
    }

    boolean isAborted() {
        return aborted;
    }

    boolean isClosed() {
        try {
            return aborted || raw.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /** Closes the socket without a word, from any thread; who waits for an answer gets a failure. */
    void abort() {
        aborted = true;
        NodeSockets.cut(raw);
        try {
            raw.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("a connection was gone before it was aborted", e);
        }
    }

    private static CausalToken gtids(ServerSessionStateChanges changes) {
        CausalToken written = CausalToken.NONE;
        for (SessionStateChange change : changes.getSessionStateChangesList()) {
            List<String> values = change.getValues();
            for (int i = 0; i + 1 < values.size(); i += 2) {
                if (values.get(i).equals(LAST_GTID)) {
                    written = written.and(gtid(values.get(i + 1)));
                }
            }
        }
        return written;
    }

    private static CausalToken gtid(String text) {
        try {
            return CausalToken.parse(text);
        } catch (IllegalArgumentException e) {
            // The write itself has been done; a failure here would be taken for its own.
            LOG.warn("the database calls its last transaction \"{}\", which is no GTID: reads may miss it", text);
            return CausalToken.NONE;
        }
    }
}
