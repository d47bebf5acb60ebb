package com.foobar.appserver.data;

import com.foobar.kernel.tls.TrustStore;
import com.foobar.kernel.value.HostPort;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.NonRegisteringDriver;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Opens connections to one node for its pool, and knows every one of them, so that all can be cut at once, borrowed or not. */
final class NodeDriver implements DataSource {

    private final HostPort at;
    private final String url;
    private final Properties properties;
    private final int loginTimeoutSeconds;
    private final int socketTimeoutMillis;
    private final Map<Connection, Line> lines = new ConcurrentHashMap<>();
    private volatile boolean cut;

    NodeDriver(
            HostPort at,
            String schema,
            Account account,
            Optional<TrustStore> trust,
            DataSettings settings,
            boolean tracks) {
        this.at = at;
        this.url = "jdbc:mysql://" + at + "/" + schema;
        this.loginTimeoutSeconds =
                (int) settings.connectTimeout().plusMillis(999).toSeconds();
        this.socketTimeoutMillis = (int) settings.socketTimeout().toMillis();
        this.properties = properties(account, settings, tracks);
        encrypt(properties, trust);
    }

    private static Properties properties(Account account, DataSettings settings, boolean tracks) {
        Properties properties = new Properties();
        String connect = Long.toString(settings.connectTimeout().toMillis());
        properties.setProperty("user", account.user());
        properties.setProperty("password", account.password().reveal());
        properties.setProperty("connectTimeout", connect);
        // While it is opened: the kernel accepts for a server that hangs, and only this bounds the wait for its
        // greeting.
        properties.setProperty("socketTimeout", connect);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("paranoid", "true");
        properties.setProperty("characterEncoding", "UTF-8");
        // Each saves a round trip that the pool's own bookkeeping makes needless.
        properties.setProperty("useLocalSessionState", "true");
        properties.setProperty("cacheServerConfiguration", "true");
        properties.setProperty("cachePrepStmts", "true");
        // Else each execution is put together and parsed as a text. What a server will not prepare, the driver does.
        properties.setProperty("useServerPrepStmts", "true");
        properties.setProperty("maintainTimeStats", "false");
        properties.setProperty("prepStmtCacheSize", "250");
        properties.setProperty("prepStmtCacheSqlLimit", "4096");
        if (tracks) {
            properties.setProperty("trackSessionState", "true");
            properties.setProperty("sessionVariables", "session_track_system_variables='last_gtid'");
        }
        return properties;
    }

    private static void encrypt(Properties properties, Optional<TrustStore> trust) {
        if (trust.isEmpty()) {
            properties.setProperty("sslMode", "DISABLED");
            // MySQL's default method cannot log in over a plain connection otherwise.
            properties.setProperty("allowPublicKeyRetrieval", "true");
            return;
        }
        // The name too: with one certificate of the cluster's stolen, nobody can pass for another machine.
        properties.setProperty("sslMode", "VERIFY_IDENTITY");
        properties.setProperty("socketFactory", NodeSockets.class.getName());
        properties.setProperty("trustCertificateKeyStoreUrl", trust.get().url());
        properties.setProperty("trustCertificateKeyStoreType", trust.get().format());
        properties.setProperty(
                "trustCertificateKeyStorePassword", trust.get().password().reveal());
    }

    @Override
    public Connection getConnection() throws SQLException {
        refuseWhenCut();
        Connection opened = new NonRegisteringDriver().connect(url, properties);
        if (!(opened instanceof JdbcConnection raw)) {
            throw new SQLException("the driver does not know its own kind of address: " + url);
        }
        raw.setNetworkTimeout(Runnable::run, socketTimeoutMillis);
        Line line = new Line(raw);
        lines.values().removeIf(Line::isClosed);
        lines.put(raw, line);
        if (cut) {
            // Cut while it was being opened, and so perhaps not seen by whoever cut.
            line.abort();
            refuseWhenCut();
        }
        return raw;
    }

    private void refuseWhenCut() throws SQLException {
        if (cut) {
            throw new SQLTransientConnectionException(
                    at + " is no longer connected to: the cluster has changed", "08001");
        }
    }

    /** The line below a connection of the pool's. */
    Line line(Connection pooled) throws SQLException {
        JdbcConnection raw = pooled.unwrap(JdbcConnection.class);
        Line line = lines.get(raw);
        if (line == null) {
            throw new SQLTransientConnectionException(
                    "a connection to " + at + " was closed while it was handed out", "08003");
        }
        return line;
    }

    /** Cuts all, and lets none be opened again. Returns how many. */
    int cut() {
        cut = true;
        int count = 0;
        for (Line line : lines.values()) {
            if (!line.isClosed()) {
                count++;
            }
            line.abort();
        }
        return count;
    }

    /** Cuts those that are open now; new ones may be opened. */
    void drop() {
        lines.values().forEach(Line::abort);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("a pool's connections all log in as one user");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {
        // The settings' connectTimeout bounds it.
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeoutSeconds;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("logs by SLF4J");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
