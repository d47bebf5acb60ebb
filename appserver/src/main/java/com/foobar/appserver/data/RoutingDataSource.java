package com.foobar.appserver.data;

import com.foobar.kernel.time.Time;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One DataSource for the whole cluster. This face sends read-only connections to replicas and others to the primary; {@link #primary},
 * {@link #replica} and {@link #schema} are the others, over the same pools. Those are for the server's own work; applications have theirs
 * by {@link #of}.
 */
public final class RoutingDataSource implements DataSource, AutoCloseable {

    private final Cluster cluster;
    private final Router router;
    private final Diary diary;
    private final DataSettings settings;
    private final Time time;
    /** What runs outside of requests reads what it has written, all of it together. */
    private final RequestScope outside = RequestScope.outside();

    public RoutingDataSource(String owner, Accounts accounts, DataSettings settings, TopologyNews news, Time time) {
        this.settings = settings;
        this.time = time;
        this.cluster = new Cluster(owner, accounts, settings, news, time);
        this.router = new Router(cluster, settings, time);
        this.diary = new Diary(settings.slowQuery());
        cluster.listen();
    }

    /**
     * What an application finds, by the names under which it looks. All of them together hold no more than its share of each pool; nor do
     * those of two versions of it.
     */
    public Map<String, DataSource> of(String application) {
        return Map.of(
                "jdbc/foobar", new DataSourceFace(this, Face.AUTO, application),
                "jdbc/foobar-primary", new DataSourceFace(this, Face.PRIMARY, application),
                "jdbc/foobar-replica", new DataSourceFace(this, Face.REPLICA, application),
                "jdbc/foobar-schema", new DataSourceFace(this, Face.SCHEMA, application));
    }

    /** All to the primary. */
    public DataSource primary() {
        return new DataSourceFace(this, Face.PRIMARY, Shares.OWN_WORK);
    }

    /** Reads only. */
    public DataSource replica() {
        return new DataSourceFace(this, Face.REPLICA, Shares.OWN_WORK);
    }

    /** The primary by the account that makes tables, for migrations; two connections at most. */
    public DataSource schema() {
        return new DataSourceFace(this, Face.SCHEMA, Shares.OWN_WORK);
    }

    @Override
    public Connection getConnection() {
        return connection(Face.AUTO, Shares.OWN_WORK);
    }

    Connection connection(Face face, String application) {
        RequestScope scope = RequestScope.current();
        return new RoutedConnection(router, diary, settings, time, face, application, scope == null ? outside : scope)
                .proxy();
    }

    /** Ends a request's use of the database: connections left open are closed, and said so. */
    public void end(RequestScope scope) {
        Leaks.end(scope, settings.closeLeaks(), diary);
    }

    /** A node as this application server uses it. */
    public record NodeState(
            String node, String use, int active, int idle, int waiting, boolean setAside, Optional<Duration> lag) {}

    /** What /topology shows. */
    public record State(
            Optional<Long> epoch,
            Optional<String> primary,
            boolean fresh,
            boolean parked,
            long writes,
            long readsOfReplicas,
            long readsOfPrimary,
            List<NodeState> nodes) {}

    public State state() {
        Cluster.View view = cluster.view();
        Optional<TopologyDocument> document = Optional.ofNullable(view.era()).map(Era::document);
        return new State(
                document.map(TopologyDocument::epoch),
                document.flatMap(TopologyDocument::primary),
                view.fresh(),
                document.map(TopologyDocument::parked).orElse(false),
                router.writes.sum(),
                router.readsOfReplicas.sum(),
                router.readsOfPrimary.sum(),
                nodes(view.era()));
    }

    private static List<NodeState> nodes(@Nullable Era era) {
        List<NodeState> nodes = new ArrayList<>();
        if (era != null) {
            era.pools()
                    .values()
                    .forEach(pool -> nodes.add(new NodeState(
                            pool.node(),
                            pool.key().use().toString(),
                            pool.active(),
                            pool.idle(),
                            pool.waiting(),
                            pool.isSetAside(),
                            era.document().node(pool.node()).flatMap(TopologyDocument.Node::lag))));
        }
        return nodes;
    }

    Cluster cluster() {
        return cluster;
    }

    Router router() {
        return router;
    }

    Diary diary() {
        return diary;
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException(
                "the accounts are the cluster's; use getConnection() without arguments");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {
        // One application must not change the bound for all; the settings' wait is it.
    }

    @Override
    public int getLoginTimeout() {
        return (int) Math.max(1, settings.patience().toSeconds());
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("logs by SLF4J");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("wraps no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
