package com.foobar.appserver.data;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The same pools under another name, for one application or for the server's own work. */
record DataSourceFace(RoutingDataSource whole, Face face, String application) implements DataSource {

    @Override
    public Connection getConnection() {
        return whole.connection(face, application);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return whole.getConnection(user, password);
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return whole.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return whole.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : whole.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this) || whole.isWrapperFor(type);
    }

    @Override
    public String toString() {
        // A record's own would print whatever the whole holds.
        return "data source " + face;
    }
}
