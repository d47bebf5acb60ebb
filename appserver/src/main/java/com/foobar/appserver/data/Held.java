package com.foobar.appserver.data;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;

/** A connection on loan from a pool, and the line below it. No record: two loans of the same connection are two. */
final class Held {

    private final NodePool pool;
    private final Connection connection;
    private final Line line;
    private final Loans.Loan loan;
    private final String application;
    /** A statement on it has failed in a way that no further one can succeed. */
    private volatile boolean lost;

    /** @param application of whose share it is */
    Held(NodePool pool, Connection connection, Line line, String application) {
        this.pool = pool;
        this.connection = connection;
        this.line = line;
        this.application = application;
        this.loan = pool.loans().begin();
    }

    /** Back to the pool. */
    void giveBack() throws SQLException {
        boolean held = pool.loans().end(loan);
        try {
            connection.close();
        } finally {
            if (held) {
                pool.shares().giveBack(application);
            }
        }
    }

    void abort(Executor executor) throws SQLException {
        boolean held = pool.loans().end(loan);
        try {
            connection.abort(executor);
        } finally {
            if (held) {
                pool.shares().giveBack(application);
            }
        }
    }

    NodePool pool() {
        return pool;
    }

    Connection connection() {
        return connection;
    }

    Line line() {
        return line;
    }

    void lose() {
        lost = true;
    }

    /** Its node is no longer asked, or the connection was cut: nothing that is sent will arrive. */
    boolean isGone() {
        return lost || pool.isRetired() || line.isAborted();
    }
}
