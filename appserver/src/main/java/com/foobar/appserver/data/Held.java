package com.foobar.appserver.data;

import java.sql.Connection;

/** A connection on loan from a pool, and the line below it. No record: two loans of the same connection are two. */
final class Held {

    private final NodePool pool;
    private final Connection connection;
    private final Line line;

    Held(NodePool pool, Connection connection, Line line) {
        this.pool = pool;
        this.connection = connection;
        this.line = line;
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

    /** Its node is no longer asked, or the connection was cut: nothing that is sent will arrive. */
    boolean isGone() {
        return pool.isRetired() || line.isAborted();
    }
}
