package com.foobar.appserver.data;

import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts failures and slowness into words, and counts them. */
final class Diary {

    private static final Logger LOG = LoggerFactory.getLogger("com.foobar.appserver.data.slow");
    private static final int LONGEST_TEXT = 500;

    final LongAdder slow = new LongAdder();
    final LongAdder repeated = new LongAdder();
    final LongAdder leaks = new LongAdder();
    final Map<Fault, LongAdder> faults = new EnumMap<>(Fault.class);

    private final Duration slowFrom;

    Diary(Duration slowFrom) {
        this.slowFrom = slowFrom;
        for (Fault fault : Fault.values()) {
            faults.put(fault, new LongAdder());
        }
    }

    void ran(NodePool pool, RequestScope scope, @Nullable String sql, long nanos) {
        if (nanos >= slowFrom.toNanos()) {
            slow.increment();
            LOG.warn(
                    "slow query on {} ({} ms, request {}): {}",
                    pool.node(),
                    Duration.ofNanos(nanos).toMillis(),
                    scope.id().isEmpty() ? "none" : scope.id(),
                    shown(sql));
        }
    }

    /** Values of prepared statements are never in it. */
    private static String shown(@Nullable String sql) {
        if (sql == null) {
            return "a commit";
        }
        String line = sql.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "…";
    }

    /** What the application is given for a failure. */
    SQLException told(SQLException failure, Fault fault, NodePool pool) {
        LongAdder count = faults.get(fault);
        if (count != null) {
            count.increment();
        }
        String node = pool.node() + (pool.isRetired() ? " (no longer connected to: the cluster has changed)" : "");
        return switch (fault) {
            case CALLER -> failure;
            case ELSEWHERE ->
                new SQLTransientConnectionException(
                        "the connection to " + node + " was lost, nothing was changed; it may be repeated",
                        "08006",
                        failure);
            case STALE_PRIMARY ->
                new SQLTransientException(
                        node + " takes no writes any more, another is or will be primary; nothing was changed",
                        "25006",
                        failure.getErrorCode(),
                        failure);
            case UNDONE ->
                new SQLTransactionRollbackException(
                        "the connection to " + node
                                + " was lost in the middle of a transaction, which is undone; begin it anew",
                        "40001",
                        failure.getErrorCode(),
                        failure);
            case UNKNOWN ->
                new OutcomeUnknownException(
                        "the connection to " + node
                                + " was lost after a write had been sent: it may have been done or not; look"
                                + " before repeating it",
                        failure);
        };
    }
}
