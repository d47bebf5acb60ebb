package com.foobar.appserver.data;

import com.foobar.kernel.time.Time;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Finds the connection for a read or a write: asks the pure rules, borrows, and asks again when that failed. */
final class Router {

    /** A primary that does not answer is asked again this often; the next document ends the pause. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final String TRANSIENT = "08001";

    final LongAdder writes = new LongAdder();
    final LongAdder readsOfReplicas = new LongAdder();
    final LongAdder readsOfPrimary = new LongAdder();
    final LongAdder waits = new LongAdder();
    final LongAdder causalWaits = new LongAdder();
    final LongAdder causalMisses = new LongAdder();
    final LongAdder refusals = new LongAdder();

    private final Cluster cluster;
    private final DataSettings settings;
    private final Time time;
    private final AtomicLong turn = new AtomicLong();

    Router(Cluster cluster, DataSettings settings, Time time) {
        this.cluster = cluster;
        this.settings = settings;
        this.time = time;
    }

    /** A connection to the primary, for the application's or the schema's account. Waits within the settings' bound. */
    Held writer(Use use, String application) throws SQLException {
        writes.increment();
        long deadline = time.nanos() + settings.patience().toNanos();
        while (true) {
            Era era = admitted(null, deadline);
            Optional<NodePool> pool = era.ofPrimary(use);
            if (pool.isEmpty()) {
                throw new SQLNonTransientConnectionException(
                        "no account that makes tables is configured for this application server", "28000");
            }
            try {
                return borrow(pool.get(), application);
            } catch (SQLException e) {
                again(era, pool.get(), e, deadline);
            }
        }
    }

    /**
     * Writes are allowed now. To be asked before each that begins a transaction, because a connection may be held for longer than its
     * document is good for.
     *
     * @param pool where it would go; null while that is open
     */
    Era admitted(@Nullable NodePool pool, long deadline) throws SQLException {
        boolean waited = false;
        while (true) {
            Cluster.View view = cluster.view();
            Era era = view.era();
            String obstacle = obstacle(view);
            if (obstacle == null && era != null) {
                return era;
            }
            if (pool != null && pool.isRetired()) {
                throw new SQLTransientConnectionException(
                        pool.node()
                                + " is no longer the primary; nothing was sent, and the next connection is to another",
                        TRANSIENT);
            }
            boolean hopeless = era != null && !view.fresh() && waited;
            long left = deadline - time.nanos();
            if (left <= 0 || hopeless) {
                refusals.increment();
                throw new SQLTransientException("writes are refused: " + obstacle + "; nothing was sent", TRANSIENT);
            }
            if (!waited) {
                waits.increment();
                waited = true;
                cluster.doubt();
            }
            pause(era, Math.min(left, view.fresh() || era == null ? left : PAUSE.toNanos()));
        }
    }

    long deadline() {
        return time.nanos() + settings.patience().toNanos();
    }

    private @Nullable String obstacle(Cluster.View view) {
        Era era = view.era();
        if (era == null) {
            return "no database server has said yet who is primary (waited "
                    + settings.patience().toMillis() + " ms); are the database servers' admin ports reachable?";
        }
        if (!view.fresh()) {
            return "what is known of the cluster (epoch " + era.document().epoch() + ") is older than "
                    + era.document().validity().toMillis()
                    + " ms, and another primary may have been made since; are the database servers' admin ports reachable?";
        }
        if (era.document().parked()) {
            return "a switchover of the primary has been under way for "
                    + settings.patience().toMillis() + " ms";
        }
        return era.document().primaryNode().isEmpty()
                ? "the cluster has no primary (epoch " + era.document().epoch() + ", waited "
                        + settings.patience().toMillis() + " ms)"
                : null;
    }

    /** After a failed loan: throws when there is no sense or no time in asking again. */
    private void again(Era era, NodePool pool, SQLException failure, long deadline) throws SQLException {
        boolean busy = NodePool.isExhausted(failure);
        if (!busy && Fault.of(failure, Phase.OBTAIN, false) == Fault.CALLER) {
            throw failure;
        }
        if (deadline - time.nanos() <= 0) {
            throw busy ? exhausted(pool, failure) : unreachable(pool, failure);
        }
        if (!busy) {
            pool.failures.increment();
            cluster.doubt();
            pause(era, Math.min(PAUSE.toNanos(), deadline - time.nanos()));
        }
    }

    private static SQLException exhausted(NodePool pool, SQLException failure) {
        if (failure instanceof NodePool.ShareSpent) {
            return failure;
        }
        return new SQLTransientConnectionException(
                "all connections to " + pool.node() + " for " + pool.key().use()
                        + " are in use; nothing was sent. Look in the log for connections that are held too long, else raise"
                        + " appserver's data limits",
                TRANSIENT,
                failure);
    }

    private static SQLException unreachable(NodePool pool, SQLException failure) {
        return new SQLTransientConnectionException(
                "no connection to " + pool.node() + " for " + pool.key().use() + "; nothing was sent: "
                        + failure.getMessage(),
                TRANSIENT,
                failure);
    }

    /** A connection for reading that has seen what the scope has written. */
    Held reader(RequestScope scope, boolean replicasFirst, String application) throws SQLException {
        long deadline = time.nanos() + settings.patience().toNanos();
        while (true) {
            Era era = cluster.view().era();
            if (era != null) {
                Held found = replicasFirst ? replica(era, scope, application, deadline) : null;
                if (found == null) {
                    found = primaryForReading(era, scope, application, deadline);
                }
                if (found != null) {
                    return found;
                }
            }
            long left = deadline - time.nanos();
            if (left <= 0) {
                throw new SQLTransientConnectionException(
                        "no database server can be read from: "
                                + (era == null
                                        ? "none is known yet"
                                        : "asked " + era.document().nodes().size() + " of epoch "
                                                + era.document().epoch())
                                + (scope.token().isEmpty() ? "" : "; one that has " + scope.token() + " was wanted"),
                        TRANSIENT);
            }
            cluster.doubt();
            pause(era, Math.min(left, PAUSE.toNanos()));
        }
    }

    private @Nullable Held replica(Era era, RequestScope scope, String application, long deadline) throws SQLException {
        for (String name : ReplicaOrder.rank(era.replicas(), settings.lagLimit(), turn.getAndIncrement())) {
            NodePool pool = era.reader(name).orElseThrow();
            Held held = readFrom(pool, application, deadline);
            if (held != null && hasSeen(held, scope.token(), false)) {
                readsOfReplicas.increment();
                return held;
            }
            if (held != null) {
                // One wait is what a read may cost; the other replicas are about as far behind.
                causalMisses.increment();
                return null;
            }
        }
        return null;
    }

    private @Nullable Held primaryForReading(Era era, RequestScope scope, String application, long deadline)
            throws SQLException {
        Optional<NodePool> pool = era.ofPrimary(Use.READ);
        Held held = pool.isEmpty() ? null : readFrom(pool.get(), application, deadline);
        if (held == null) {
            return null;
        }
        if (!hasSeen(held, scope.token(), true)) {
            return null;
        }
        readsOfPrimary.increment();
        return held;
    }

    /** Null when the node cannot be read from now. */
    private @Nullable Held readFrom(NodePool pool, String application, long deadline) throws SQLException {
        while (!pool.isRetired()) {
            try {
                Held held = borrow(pool, application);
                pool.answered();
                return held;
            } catch (SQLException e) {
                if (Fault.of(e, Phase.OBTAIN, false) == Fault.CALLER) {
                    throw e;
                }
                if (!NodePool.isExhausted(e)) {
                    pool.failed();
                    return null;
                }
                // Sending these on to the next node would exhaust that one too, and in the end the primary.
                if (deadline - time.nanos() <= 0) {
                    throw exhausted(pool, e);
                }
            }
        }
        return null;
    }

    private Held borrow(NodePool pool, String application) throws SQLException {
        Connection connection = pool.borrow(application);
        Line line;
        try {
            line = pool.line(connection);
        } catch (SQLException e) {
            pool.shares().giveBack(application);
            connection.close();
            throw e;
        }
        Held held = new Held(pool, connection, line, application);
        if (!held.isGone()) {
            return held;
        }
        held.giveBack();
        throw new SQLTransientConnectionException(
                pool.node() + " was given up while a connection was handed out", TRANSIENT);
    }

    /** Gives the loan back when not. */
    private boolean hasSeen(Held held, CausalToken token, boolean primary) throws SQLException {
        if (token.isEmpty() || held.pool().applied().covers(token)) {
            return true;
        }
        boolean seen = false;
        try {
            causalWaits.increment();
            seen = primary ? primaryHas(held, token) : waited(held, token);
        } catch (SQLException e) {
            if (Fault.of(e, Phase.READ, false) == Fault.CALLER) {
                throw e;
            }
            held.pool().failed();
        } finally {
            if (!seen) {
                held.giveBack();
            }
        }
        return seen;
    }

    private boolean waited(Held held, CausalToken token) throws SQLException {
        try (PreparedStatement wait = held.connection().prepareStatement("SELECT MASTER_GTID_WAIT(?, ?)")) {
            wait.setString(1, token.toString());
            wait.setDouble(2, settings.causalWait().toNanos() / 1e9);
            try (ResultSet answer = wait.executeQuery()) {
                boolean there = answer.next() && answer.getInt(1) == 0 && !answer.wasNull();
                if (there) {
                    held.pool().hasApplied(token);
                }
                return there;
            }
        }
    }

    /** Also a primary is asked: it may have been deposed, and the document be on its way. */
    private static boolean primaryHas(Held held, CausalToken token) throws SQLException {
        try (PreparedStatement ask = held.connection().prepareStatement("SELECT @@global.gtid_binlog_pos");
                ResultSet answer = ask.executeQuery()) {
            String text = answer.next() ? answer.getString(1) : null;
            held.pool().hasApplied(CausalToken.parse(text == null ? "" : text));
            return held.pool().applied().covers(token);
        } catch (IllegalArgumentException e) {
            throw new SQLException("the database gives its position in a form that is not known", e);
        }
    }

    private void pause(@Nullable Era seen, long nanos) throws SQLException {
        try {
            boolean unused = cluster.await(seen, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException(
                    "interrupted while waiting for a connection; nothing was sent", TRANSIENT, e);
        }
    }

    /** A statement's failure: what it says of the node it ran on. */
    void failed(Held held, Fault fault) {
        if (fault == Fault.CALLER) {
            return;
        }
        if (held.pool().key().use() == Use.READ) {
            held.pool().failed();
        }
        cluster.doubt();
    }
}
