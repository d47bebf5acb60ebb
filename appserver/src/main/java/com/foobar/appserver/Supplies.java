package com.foobar.appserver;

import com.foobar.appserver.container.Container;
import com.foobar.appserver.container.Resources;
import com.foobar.appserver.container.Sessions;
import com.foobar.appserver.data.Accounts;
import com.foobar.appserver.data.DataHook;
import com.foobar.appserver.data.DataMetrics;
import com.foobar.appserver.data.RoutingDataSource;
import com.foobar.appserver.data.TokenCookie;
import com.foobar.appserver.data.TopologyNews;
import com.foobar.appserver.session.ClusterSessions;
import com.foobar.appserver.session.SessionSettings;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.metrics.Registration;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.Secret;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the applications of a process are given besides requests: DataSources that know the cluster, sessions that outlive their server,
 * and the position from which each client reads its own writes. One for all application servers of a process: they share the pools.
 */
public final class Supplies implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Supplies.class);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

    /** A replica further behind is not read from, so a client's position need not be known for longer. */
    private static final Duration POSITION_AGE = Duration.ofHours(1);

    private final RoutingDataSource database;
    private final TopologyNews news;
    private final Sessions sessions;
    private final DataHook hook;
    private final List<Registration> registrations = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Opens connections as soon as it hears who is primary.
     *
     * @param news closed with this
     * @param key signs what clients carry; the same in all processes of the application tier
     */
    public Supplies(
            AppserverSettings settings,
            String cluster,
            Accounts accounts,
            TopologyNews news,
            Secret key,
            Metrics metrics,
            Time time) {
        this.news = news;
        this.database = new RoutingDataSource("app", accounts, settings.data(), news, time);
        this.hook = new DataHook(database, new TokenCookie(key, cluster, POSITION_AGE));
        registrations.addAll(DataMetrics.register(database, metrics));
        ClusterSessions kept = new ClusterSessions("app", settings.keeping(), database.primary(), time);
        registrations.addAll(kept.register(metrics));
        this.sessions = kept;
        if (settings.keeping().sessions() == SessionSettings.Store.CLUSTER) {
            Threads.one("app", "session-tables", this::makeSessionTables).start();
        }
    }

    /** The database may come after the application server, and nobody waits for it here. */
    private void makeSessionTables() {
        String last = "";
        try {
            do {
                try {
                    ClusterSessions.makeTables(database.schema());
                    return;
                } catch (SQLException e) {
                    String now = String.valueOf(e.getMessage());
                    if (!now.equals(last)) {
                        log.info("the tables for sessions are not there yet: {}", now);
                        last = now;
                    }
                }
            } while (!closed.await(BETWEEN_ATTEMPTS.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For the application server of that name. */
    public Container.Hooks hooks(String server) {
        return new Container.Hooks(sessions, resources(server), hook);
    }

    private Resources resources(String server) {
        return application -> {
            Map<String, Object> all = new HashMap<>(database.of(application));
            all.put("foobar/server", server);
            return all;
        };
    }

    /** For {@code /topology}. */
    public RoutingDataSource.State database() {
        return database.state();
    }

    @Override
    public void close() {
        closed.countDown();
        registrations.forEach(Registration::close);
        news.close();
        database.close();
    }
}
