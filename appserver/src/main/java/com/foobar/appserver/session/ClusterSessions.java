package com.foobar.appserver.session;

import com.foobar.appserver.container.Sessions;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.metrics.Registration;
import com.foobar.kernel.time.Time;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.session.DefaultSessionIdManager;
import org.eclipse.jetty.session.HouseKeeper;
import org.eclipse.jetty.session.SessionCacheFactory;
import org.eclipse.jetty.session.SessionConfig;
import org.eclipse.jetty.session.SessionDataStoreFactory;
import org.eclipse.jetty.session.SessionManager;

/** Gives each application its sessions: in the database, or in memory, and either way in a safe cookie. */
public final class ClusterSessions implements Sessions {

    private static final Duration SWEEP = Duration.ofMinutes(1);
    /** A request that only read its session moves the session's end no more often than this. */
    private static final Duration SAVE = Duration.ofSeconds(30);

    private final SessionSettings settings;
    private final SessionTable table;
    private final SessionCounts counts = new SessionCounts();
    private final String sweeper;
    private final Time time;

    /**
     * On this data source, whose connections all go to the primary.
     *
     * @param owner the application server's name
     */
    public ClusterSessions(String owner, SessionSettings settings, DataSource primary, Time time) {
        this.settings = settings;
        this.table = new SessionTable(primary);
        this.sweeper = owner + "-" + UUID.randomUUID();
        this.time = time;
    }

    /** Makes the tables where they are missing. Any number of application servers may do so at once. */
    public static void makeTables(DataSource schema) throws SQLException {
        SessionTable.make(schema);
    }

    /** To be closed with the role. */
    public List<Registration> register(Metrics metrics) {
        return counts.register(metrics);
    }

    @Override
    public void configure(Server server) {
        DefaultSessionIdManager ids = new DefaultSessionIdManager(server);
        // Part of every id; nobody routes by it, for there is no stickiness.
        ids.setWorkerName(null);
        HouseKeeper sweeping = new HouseKeeper();
        try {
            sweeping.setIntervalSec(SWEEP.toSeconds());
        } catch (Exception e) {
            throw new IllegalStateException("a housekeeper that does not run yet refuses its interval", e);
        }
        ids.setSessionHouseKeeper(sweeping);
        server.addBean(ids, true);
        if (settings.sessions() == SessionSettings.Store.CLUSTER) {
            SessionCacheFactory caches = manager -> new PresentSessions(manager, counts);
            server.addBean(caches);
            server.addBean((SessionDataStoreFactory) manager -> store());
        }
    }

    private ClusterSessionStore store() {
        ClusterSessionStore store = new ClusterSessionStore(table, counts, settings.sessionSize(), sweeper, time);
        store.setGracePeriodSec((int) SWEEP.toSeconds());
        store.setSavePeriodSec((int) SAVE.toSeconds());
        return store;
    }

    @Override
    public void configure(SessionManager application, String contextPath) {
        if (application instanceof SessionConfig.Mutable config) {
            config.setMaxInactiveInterval((int) settings.sessionIdle().toSeconds());
            config.setHttpOnly(true);
            config.setSameSite(HttpCookie.SameSite.LAX);
            // Marks the cookie Secure where the request came by HTTPS, and only there.
            config.setSecureRequestOnly(true);
        }
    }
}
