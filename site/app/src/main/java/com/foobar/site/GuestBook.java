package com.foobar.site;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The entries in the database. Reads are declared as such, and that is all it takes to have them answered by a replica. */
final class GuestBook {
    static final int MOST = 1000;

    /** Of a statement or a transaction of which nobody can say how it ended. */
    private static final String OUTCOME_UNKNOWN = "08007";

    private static final String COLUMNS = "SELECT id, text, written FROM message ";

    /**
     * What a write brought.
     *
     * @param again the key was known: this is the entry written then
     */
    record Written(long id, boolean again, String node) {}

    private final DataSource database;

    GuestBook(DataSource database) {
        this.database = database;
    }

    /** Newest first. */
    Page newest(int limit, long before) throws SQLException {
        try (Connection connection = reading();
                PreparedStatement select =
                        connection.prepareStatement(COLUMNS + "WHERE id < ? ORDER BY id DESC LIMIT ?")) {
            select.setLong(1, before);
            select.setInt(2, limit);
            return new Page(messages(select), node(connection));
        }
    }

    Optional<Message> find(long id) throws SQLException {
        try (Connection connection = reading();
                PreparedStatement select = connection.prepareStatement(COLUMNS + "WHERE id = ?")) {
            select.setLong(1, id);
            return messages(select).stream().findFirst();
        }
    }

    /** The node that answers reads at this moment. */
    String reader() throws SQLException {
        try (Connection connection = reading()) {
            return probed(connection);
        }
    }

    /** The node that takes writes at this moment. */
    String writer() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return probed(connection);
        }
    }

    Written write(Entry entry) throws SQLException, Complaint {
        try (Connection connection = database.getConnection()) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO message (text, idempotency_key) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
                insert.setString(1, entry.text());
                insert.setBytes(2, entry.key().orElse(null));
                insert.executeUpdate();
                return new Written(id(insert), false, node(connection));
            } catch (SQLIntegrityConstraintViolationException e) {
                return writtenBefore(connection, entry, e);
            }
        }
    }

    /** From here on the entry is there, and no failure may be told as if it were not. */
    private static long id(PreparedStatement done) throws SQLException {
        try (ResultSet keys = done.getGeneratedKeys()) {
            if (keys.next()) {
                return keys.getLong(1);
            }
        } catch (SQLException e) {
            throw new SQLException("the entry is written, its id was lost with the connection", OUTCOME_UNKNOWN, e);
        }
        throw new SQLException("the database gave no id to the new entry", OUTCOME_UNKNOWN);
    }

    /** Asked on the primary, where the insert has just been refused. */
    private static Written writtenBefore(
            Connection connection, Entry entry, SQLIntegrityConstraintViolationException refusal)
            throws SQLException, Complaint {
        List<Message> found;
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + "WHERE idempotency_key = ?")) {
            select.setBytes(1, entry.key().orElseThrow(() -> refusal));
            found = messages(select);
        } catch (SQLException e) {
            throw e == refusal ? e : new SQLException("whether this is the entry of before", OUTCOME_UNKNOWN, e);
        }
        if (found.isEmpty()) {
            throw refusal;
        }
        if (!found.get(0).text().equals(entry.text())) {
            throw Complaint.keyReused("this Idempotency-Key came with another text before");
        }
        return new Written(found.get(0).id(), true, node(connection));
    }

    private Connection reading() throws SQLException {
        Connection connection = database.getConnection();
        try {
            connection.setReadOnly(true);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static List<Message> messages(PreparedStatement select) throws SQLException {
        List<Message> messages = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                Timestamp written = rows.getTimestamp(3);
                messages.add(new Message(rows.getLong(1), rows.getString(2), written.toInstant()));
            }
        }
        return messages;
    }

    private static String probed(Connection connection) throws SQLException {
        try (Statement probe = connection.createStatement()) {
            probe.execute("SELECT 1");
            return node(connection);
        }
    }

    /** By its name where the DataSource tells it, else by its address. */
    private static String node(Connection connection) throws SQLException {
        @Nullable String name = connection.getClientInfo("node");
        return name != null ? name : connection.getMetaData().getURL();
    }
}
