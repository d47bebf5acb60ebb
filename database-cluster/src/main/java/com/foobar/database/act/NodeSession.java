package com.foobar.database.act;

import com.foobar.database.dialect.Dialect;
import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.dialect.Row;
import com.foobar.database.dialect.Sql;
import com.foobar.kernel.tls.TrustStore;
import com.foobar.kernel.value.HostPort;
import com.mysql.cj.jdbc.NonRegisteringDriver;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one node, every wait on it bounded. For one thread at a time; only {@link #abort} may come from any. After a failure
 * that is not the server's refusal the connection is of no more use.
 */
public final class NodeSession implements AutoCloseable {

    /** No answer that is read here is longer; a server gone mad must not fill our memory. */
    private static final int MOST_ROWS = 1_000;

    private final Target target;
    private final Bounds bounds;
    private final Connection connection;

    private NodeSession(Target target, Bounds bounds, Connection connection) {
        this.target = target;
        this.bounds = bounds;
        this.connection = connection;
    }

    public static NodeSession open(Target target, Bounds bounds) throws NodeFailure {
        return open(target, bounds, "");
    }

    /**
     * With a schema that unqualified names are looked for in.
     */
    public static NodeSession open(Target target, Bounds bounds, String schema) throws NodeFailure {
        HostPort at = target.at();
        try {
            Connection connection =
                    new NonRegisteringDriver().connect("jdbc:mysql://" + at + "/" + schema, properties(target, bounds));
            if (connection == null) {
                throw new IllegalStateException("the driver does not know its own kind of address");
            }
            return new NodeSession(target, bounds, connection);
        } catch (SQLException e) {
            throw NodeFailure.of(at, "connecting as " + target.login().user(), e, false);
        } catch (RuntimeException e) {
            throw NodeFailure.rubbish(at, "connecting", e);
        }
    }

    private static Properties properties(Target target, Bounds bounds) {
        Properties properties = new Properties();
        properties.setProperty("user", target.login().user());
        properties.setProperty("password", target.login().password().reveal());
        properties.setProperty("connectTimeout", Long.toString(bounds.connect().toMillis()));
        // Without it a server that hangs holds this thread for ever, in the middle of the greeting already.
        properties.setProperty("socketTimeout", Long.toString(bounds.answer().toMillis()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("paranoid", "true");
        if (target.trust().isPresent()) {
            TrustStore trust = target.trust().get();
            properties.setProperty("sslMode", "VERIFY_IDENTITY");
            properties.setProperty("trustCertificateKeyStoreUrl", trust.url());
            properties.setProperty("trustCertificateKeyStoreType", trust.format());
            properties.setProperty(
                    "trustCertificateKeyStorePassword", trust.password().reveal());
        } else {
            properties.setProperty("sslMode", "DISABLED");
            // MySQL's default method cannot log in over a plain connection otherwise.
            properties.setProperty("allowPublicKeyRetrieval", "true");
        }
        return properties;
    }

    public HostPort at() {
        return target.at();
    }

    public Dialect dialect() {
        return target.dialect();
    }

    /** It can answer a question, now. */
    public void probe() throws NodeFailure {
        List<Row> unused = ask(dialect().probe(), bounds.answer());
    }

    public NodeStatus status() throws NodeFailure {
        List<List<Row>> answers = new ArrayList<>();
        for (Sql question : dialect().statusQuestions()) {
            answers.add(ask(question, bounds.answer()));
        }
        try {
            return dialect().status(answers);
        } catch (IllegalArgumentException e) {
            throw NodeFailure.of(
                    NodeFailure.Kind.BROKEN, at(), "its status cannot be read: it lacks " + e.getMessage());
        }
    }

    /** Runs them in order, each within the bound; the first that fails is the last. */
    void run(List<Sql> statements, Duration each) throws NodeFailure {
        for (Sql statement : statements) {
            List<Row> unused = ask(statement, each);
        }
    }

    void run(List<Sql> statements) throws NodeFailure {
        run(statements, bounds.answer());
    }

    /** The rows of the answer; none for a statement without any. */
    public List<Row> ask(Sql sql, Duration within) throws NodeFailure {
        try {
            connection.setNetworkTimeout(Runnable::run, (int) Math.min(Integer.MAX_VALUE, within.toMillis()));
            try (Statement statement = connection.createStatement()) {
                statement.setMaxRows(MOST_ROWS);
                return statement.execute(sql.text()) ? rows(statement.getResultSet()) : List.of();
            }
        } catch (SQLException e) {
            throw NodeFailure.of(at(), "running " + sql, e, dialect().isReadOnlyRefusal(e.getErrorCode()));
        } catch (RuntimeException e) {
            throw NodeFailure.rubbish(at(), "running " + sql, e);
        }
    }

    private static List<Row> rows(ResultSet answer) throws SQLException {
        ResultSetMetaData columns = answer.getMetaData();
        List<Row> rows = new ArrayList<>();
        while (answer.next()) {
            Map<String, @Nullable String> row = new HashMap<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                row.put(columns.getColumnLabel(i), answer.getString(i));
            }
            rows.add(new Row(row));
        }
        return rows;
    }

    Duration patience() {
        return bounds.answer();
    }

    /** Wakes a thread that waits for an answer; it gets a failure. From any thread. */
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is broken already, which is what was wanted.
            return;
        }
    }

    /** Says good-bye if that is quick: to a node that hangs the socket is closed without a word. */
    @Override
    public void close() {
        try {
            connection.setNetworkTimeout(Runnable::run, (int) bounds.answer().toMillis());
            connection.close();
        } catch (SQLException e) {
            abort();
        }
    }
}
