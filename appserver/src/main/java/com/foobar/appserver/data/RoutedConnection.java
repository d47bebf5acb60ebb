package com.foobar.appserver.data;

import com.foobar.kernel.time.Time;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The connection an application holds. It takes one of a pool's at first use, so that all the application says before then (read-only
 * above all) decides which. Belongs to one thread at a time, as every connection; only {@code abort} may come from another.
 */
final class RoutedConnection {

    private static final String ACTIVE_TRANSACTION = "25001";
    private static final String CLOSED = "08003";

    private final Router router;
    private final Diary diary;
    private final DataSettings settings;
    private final Time time;
    private final Face face;
    private final String application;
    private final RequestScope scope;
    private final Connection proxy;

    /** Said before or while a pool's connection is held; said again to the next one. By method name. */
    private final Map<String, Call> said = new LinkedHashMap<>();

    private volatile @Nullable Held held;
    private volatile boolean closed;
    private boolean readOnly;
    /** Until the transaction's end, by an SQL statement that said so. */
    private boolean readOnlyOnce;

    private boolean autoCommit = true;
    /** As the server's last answer had it; stays when the connection is cut, because then the transaction is what was lost. */
    private boolean transaction;

    /** @param application of whose share of each pool it takes; {@link Shares#OWN_WORK} for the server's */
    RoutedConnection(
            Router router,
            Diary diary,
            DataSettings settings,
            Time time,
            Face face,
            String application,
            RequestScope scope) {
        this.router = router;
        this.diary = diary;
        this.settings = settings;
        this.time = time;
        this.face = face;
        this.application = application;
        this.scope = scope;
        this.readOnly = face == Face.REPLICA;
        this.proxy = ConnectionCalls.proxy(this);
    }

    Connection proxy() {
        return proxy;
    }

    /** Null before the first use: asking must not decide where a connection goes. */
    @Nullable
    String node() {
        Held now = held;
        return now == null ? null : now.pool().node();
    }

    void rollback(Call call) throws Throwable {
        Held now = held;
        if (now != null && now.isGone()) {
            // With its connection the transaction was rolled back already.
            release();
        }
        end(call, Phase.CHANGE);
    }

    /** Something that holds for whatever connection it takes later. */
    @Nullable
    Object say(Call call) throws Throwable {
        said.put(call.name(), call);
        return isIdle() ? null : pass(call);
    }

    @Nullable
    Object pass(Call call) throws Throwable {
        Held now = physical();
        return guarded(now, transaction ? Phase.CHANGE : Phase.READ, null, () -> call.on(now.connection()));
    }

    /** The pool's connection this one stands for, taken now if need be. */
    Held physical() throws SQLException {
        requireOpen();
        Held now = held;
        if (now != null && now.isGone() && !transaction) {
            release();
            now = null;
        }
        if (now == null) {
            now = taken();
            held = now;
            scope.opened(this);
        }
        return now;
    }

    private Held taken() throws SQLException {
        Held taken = isReading()
                ? router.reader(scope, face != Face.PRIMARY && face != Face.SCHEMA, application)
                : router.writer(face == Face.SCHEMA ? Use.SCHEMA : Use.WRITE, application);
        try {
            if (!autoCommit) {
                taken.connection().setAutoCommit(false);
            }
            for (Call each : said.values()) {
                Object unused = each.on(taken.connection());
            }
            return taken;
        } catch (SQLException e) {
            giveBack(taken);
            Fault fault = Fault.of(e, Phase.READ, false);
            router.failed(taken, fault);
            throw diary.told(e, fault, taken.pool());
        } catch (Throwable e) {
            giveBack(taken);
            throw new SQLException("setting up a connection to " + taken.pool().node(), e);
        }
    }

    /** It has taken no connection of a pool's yet, or has given it back. */
    boolean isIdle() {
        return held == null;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isAutoCommit() {
        return autoCommit;
    }

    boolean isReading() {
        return readOnly || readOnlyOnce;
    }

    void setReadOnly(boolean wanted) throws SQLException {
        if (!wanted && face == Face.REPLICA) {
            throw new SQLException("this data source reads only; take the one without -replica to write", "25006");
        }
        if (wanted != isReading()) {
            requireNoTransaction();
            release();
            readOnlyOnce = false;
        }
        readOnly = wanted;
    }

    /** A statement has said that what follows reads only, until the transaction's end. */
    void readOnlyOnce(boolean wanted) throws SQLException {
        if (face == Face.REPLICA || wanted == isReading()) {
            return;
        }
        requireNoTransaction();
        release();
        readOnlyOnce = wanted;
        readOnly = readOnly && wanted;
    }

    private void requireNoTransaction() throws SQLException {
        if (transaction) {
            throw new SQLException(
                    "a connection cannot change between reading and writing in the middle of a transaction; commit or roll back"
                            + " first",
                    ACTIVE_TRANSACTION);
        }
    }

    void setAutoCommit(Call call, boolean wanted) throws Throwable {
        Held now = held;
        if (wanted != autoCommit && now != null) {
            Phase phase = !wanted || isReading() ? Phase.READ : transaction ? Phase.COMMIT : Phase.READ;
            Object unused = guarded(now, phase, null, () -> call.on(now.connection()));
        }
        autoCommit = wanted;
    }

    void end(Call call, Phase phase) throws Throwable {
        Held now = held;
        try {
            if (now != null) {
                // Where nothing was begun there is nothing to lose.
                Phase lost = isReading() || !transaction ? Phase.READ : phase;
                Object unused = guarded(now, lost, null, () -> call.on(now.connection()));
            }
        } finally {
            transactionEnded();
        }
    }

    /** Committed, rolled back, or lost. */
    void transactionEnded() throws SQLException {
        transaction = false;
        if (readOnlyOnce) {
            release();
            readOnlyOnce = false;
        }
    }

    /** What is done on the pool's connection. */
    interface Work {
        @Nullable
        Object run() throws Throwable;
    }

    /** Runs a statement: admits it, times it, and says what its failure means. */
    @Nullable
    Object execute(SqlText text, @Nullable String sql, Work work) throws Throwable {
        Held now = physical();
        Phase phase = Phase.of(text, transaction, !autoCommit, isReading());
        if (!transaction && !isReading() && phase != Phase.READ) {
            Era unused = router.admitted(now.pool(), router.deadline());
        }
        Object result = guarded(now, phase, sql, work);
        if (text == SqlText.COMMIT || text == SqlText.ROLLBACK) {
            transactionEnded();
        }
        return result;
    }

    /** Makes a statement, which the server may or may not be told. */
    @Nullable
    Object prepare(Held now, Work work) throws Throwable {
        return guarded(now, transaction ? Phase.CHANGE : Phase.READ, null, work);
    }

    private @Nullable Object guarded(Held now, Phase phase, @Nullable String sql, Work work) throws Throwable {
        boolean gone = now.isGone();
        long began = time.nanos();
        try {
            if (gone) {
                // Not even tried: its socket may be open for a moment yet, and what is told as not sent would be done.
                throw new SQLNonTransientConnectionException(
                        now.pool().node() + " was given up before this was sent", CLOSED);
            }
            Object result = work.run();
            transaction = now.line().isInTransaction();
            scope.wrote(now.line().written());
            return result;
        } catch (SQLException e) {
            Fault fault = Fault.of(e, phase, gone);
            if (fault == Fault.CALLER) {
                // A deadlock's victim has no transaction any more.
                transaction = now.line().isInTransaction();
            }
            if (fault != Fault.CALLER && fault != Fault.STALE_PRIMARY) {
                now.lose();
            }
            router.failed(now, fault);
            throw diary.told(e, fault, now.pool());
        } finally {
            diary.ran(now.pool(), scope, sql, time.nanos() - began);
        }
    }

    /** A read that was lost with its connection, and that nothing else depends on, may be asked of another node. */
    boolean mayRepeat(SQLException failure) {
        return failure instanceof SQLTransientConnectionException
                && isReading()
                && autoCommit
                && !transaction
                && !closed;
    }

    void repeatElsewhere() throws SQLException {
        diary.repeated.increment();
        release();
    }

    /** The text as it is sent. */
    String commented(String sql, boolean prepared) {
        boolean wanted = settings.requestComment() == RequestComment.ALL
                || (settings.requestComment() == RequestComment.PLAIN && !prepared);
        return wanted && !scope.id().isEmpty() ? "/* rid:" + scope.id() + " */ " + sql : sql;
    }

    boolean isValid(Call call) throws Throwable {
        Held now = held;
        // One that holds nothing yet is as good as the cluster; asking would only take a connection too early.
        return !closed && (now == null || (!now.isGone() && Boolean.TRUE.equals(call.on(now.connection()))));
    }

    void requireOpen() throws SQLException {
        if (closed) {
            throw new SQLNonTransientConnectionException("the connection is closed", CLOSED);
        }
    }

    void close() throws SQLException {
        if (!closed) {
            closed = true;
            release();
        }
    }

    void abort(@Nullable Executor executor) throws SQLException {
        if (executor == null) {
            throw new SQLException("abort needs an executor");
        }
        closed = true;
        Held now = held;
        if (now != null) {
            held = null;
            scope.closed(this);
            now.abort(executor);
        }
    }

    private void release() throws SQLException {
        Held now = held;
        held = null;
        transaction = false;
        if (now != null) {
            scope.closed(this);
            giveBack(now);
        }
    }

    private static void giveBack(Held now) throws SQLException {
        boolean gone = now.isGone();
        try {
            now.giveBack();
        } catch (SQLException e) {
            if (!gone && !Fault.isLost(e)) {
                throw e;
            }
        }
    }

    @Override
    public String toString() {
        Held now = held;
        return "connection to "
                + (now == null
                        ? "nobody yet"
                        : now.pool().node() + " for " + now.pool().key().use());
    }
}
