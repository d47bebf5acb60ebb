package com.foobar.appserver.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/** The SQL of sessions, all of it idempotent, so that what was lost on the way may simply be said again. */
final class SessionTable {

    static final int LONGEST_ID = 190;
    static final int LONGEST_PLACE = 190;

    private static final String MAKE =
            "CREATE TABLE IF NOT EXISTS foobar_session (id VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
                    + " place VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, created BIGINT NOT NULL,"
                    + " accessed BIGINT NOT NULL, last_accessed BIGINT NOT NULL, expiry BIGINT NOT NULL, max_idle BIGINT NOT NULL,"
                    + " version BIGINT NOT NULL, attributes LONGBLOB NOT NULL, PRIMARY KEY (id, place), KEY (expiry))"
                    + " ENGINE=InnoDB";
    private static final String MAKE_SWEEP =
            "CREATE TABLE IF NOT EXISTS foobar_session_sweep (place VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT"
                    + " NULL PRIMARY KEY, sweeper VARCHAR(120) NOT NULL, until_millis BIGINT NOT NULL) ENGINE=InnoDB";
    /** Bounded: each is loaded and told to the application's listeners. */
    private static final int MOST_EXPIRED = 500;

    private static final int REPEATS = 2;

    /** A session as a row. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two
    record Row(
            long created,
            long accessed,
            long lastAccessed,
            long expiry,
            long maxIdle,
            long version,
            byte[] attributes) {}

    private final DataSource primary;

    SessionTable(DataSource primary) {
        this.primary = primary;
    }

    /** By the account that may; existing tables are left alone. */
    static void make(DataSource schema) throws SQLException {
        try (Connection connection = schema.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(MAKE);
            statement.execute(MAKE_SWEEP);
        }
    }

    Optional<Row> load(String id, String place) throws SQLException {
        return inReading(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT created, accessed, last_accessed, expiry, max_idle, version, attributes FROM foobar_session"
                            + " WHERE id = ? AND place = ?")) {
                select.setString(1, id);
                select.setString(2, place);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Row(
                                    row.getLong(1),
                                    row.getLong(2),
                                    row.getLong(3),
                                    row.getLong(4),
                                    row.getLong(5),
                                    row.getLong(6),
                                    row.getBytes(7)))
                            : Optional.empty();
                }
            }
        });
    }

    void insert(String id, String place, Row row) throws SQLException {
        Integer unused = inWriting(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO foobar_session (created, accessed, last_accessed, expiry, max_idle, attributes, version, id,"
                            + " place) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?) ON DUPLICATE KEY UPDATE accessed = VALUES(accessed),"
                            + " last_accessed = VALUES(last_accessed), expiry = VALUES(expiry), max_idle = VALUES(max_idle),"
                            + " attributes = VALUES(attributes), version = version + 1")) {
                set(insert, id, place, row);
                return insert.executeUpdate();
            }
        });
    }

    /** False when there is none any more: it was invalidated by another server, and must not come back. */
    boolean update(String id, String place, Row row) throws SQLException {
        return inWriting(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE foobar_session SET created = ?, accessed = ?, last_accessed = ?, expiry = ?, max_idle = ?,"
                            + " attributes = ?, version = version + 1 WHERE id = ? AND place = ?")) {
                set(update, id, place, row);
                return update.executeUpdate() > 0;
            }
        });
    }

    private static void set(PreparedStatement statement, String id, String place, Row row) throws SQLException {
        statement.setLong(1, row.created());
        statement.setLong(2, row.accessed());
        statement.setLong(3, row.lastAccessed());
        statement.setLong(4, row.expiry());
        statement.setLong(5, row.maxIdle());
        statement.setBytes(6, row.attributes());
        statement.setString(7, id);
        statement.setString(8, place);
    }

    boolean delete(String id, String place) throws SQLException {
        return inWriting(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM foobar_session WHERE id = ? AND place = ?")) {
                delete.setString(1, id);
                delete.setString(2, place);
                return delete.executeUpdate() > 0;
            }
        });
    }

    Set<String> expired(String place, long before) throws SQLException {
        return inReading(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id FROM foobar_session WHERE place = ? AND"
                            + " expiry > 0 AND expiry <= ? ORDER BY expiry LIMIT " + MOST_EXPIRED)) {
                select.setString(1, place);
                select.setLong(2, before);
                Set<String> ids = new HashSet<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getString(1));
                    }
                }
                return ids;
            }
        });
    }

    /** Rows that no application claims any more. */
    int deleteExpired(long before) throws SQLException {
        return inWriting(connection -> {
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM foobar_session WHERE expiry > 0 AND expiry <= ? LIMIT " + MOST_EXPIRED)) {
                delete.setLong(1, before);
                return delete.executeUpdate();
            }
        });
    }

    /** Whether this one sweeps for the time that follows; the database's clock decides, so that all have the same. */
    boolean claimSweep(String place, String sweeper, long millis) throws SQLException {
        return inWriting(connection -> {
            String now = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";
            try (PreparedStatement first = connection.prepareStatement(
                            "INSERT IGNORE INTO foobar_session_sweep (place, sweeper, until_millis) VALUES (?, '', 0)");
                    PreparedStatement claim = connection.prepareStatement("UPDATE foobar_session_sweep SET sweeper = ?,"
                            + " until_millis = " + now + " + ? WHERE place = ? AND (until_millis <= " + now
                            + " OR sweeper = ?)")) {
                first.setString(1, place);
                first.executeUpdate();
                claim.setString(1, sweeper);
                claim.setLong(2, millis);
                claim.setString(3, place);
                claim.setString(4, sweeper);
                return claim.executeUpdate() > 0;
            }
        });
    }

    /** What is done with a connection. */
    private interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** From the primary: a replica's session could be older than the client's last answer. */
    private <T> T inReading(Work<T> work) throws SQLException {
        return repeated(true, work);
    }

    private <T> T inWriting(Work<T> work) throws SQLException {
        return repeated(false, work);
    }

    private <T> T repeated(boolean reading, Work<T> work) throws SQLException {
        for (int repeats = 0; ; repeats++) {
            try (Connection connection = primary.getConnection()) {
                connection.setReadOnly(reading);
                return work.with(connection);
            } catch (SQLException e) {
                String state = e.getSQLState();
                // A lost connection or a deposed primary; an unknown outcome too, for all of this may be done twice.
                boolean lost =
                        state != null && (state.startsWith("08") || state.equals("25006") || state.startsWith("40"));
                if (!lost || state.equals("08001") || repeats >= REPEATS) {
                    throw e;
                }
            }
        }
    }
}
