package com.foobar.appserver.data;

import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.tls.TrustStore;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;

/** The connections of one account to one node, and what is known of that node from them. */
final class NodePool implements AutoCloseable {

    private static final Duration VALIDATION = Duration.ofMillis(250);
    private static final int MOST_SCHEMA_CONNECTIONS = 2;
    private static final int KEPT = 2;
    /** Of a connection that is just being opened nothing cuts the wait short; a stop does not last for it. */
    private static final Duration CLOSING = Duration.ofSeconds(3);

    final LongAdder handedOut = new LongAdder();
    final LongAdder failures = new LongAdder();

    private final PoolKey key;
    private final NodeDriver driver;
    private final HikariDataSource pool;
    private final Time time;
    private final Loans loans;
    private final Shares shares;
    private final Duration wait;
    private final Waiters waiters = new Waiters();
    private final long setAsideNanos;
    private final AtomicBoolean retired = new AtomicBoolean();
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final Thread closing;
    /** What this node is known to have applied; only ever grows, for a pool does not outlive its node's history. */
    private final Furthest applied = new Furthest(CausalToken.NONE);

    private volatile boolean aside;
    private volatile long asideUntil;

    NodePool(
            String owner,
            PoolKey key,
            String schema,
            Account account,
            Optional<TrustStore> trust,
            DataSettings settings,
            Time time) {
        this.key = key;
        this.time = time;
        this.loans = new Loans(key.node(), settings.leakAfter(), time);
        int most = most(key.use(), settings);
        // Of the few for making tables a migration takes two.
        this.shares = new Shares(key.use() == Use.SCHEMA ? most : Shares.threeQuarters(most));
        this.wait = settings.nodeWait();
        this.setAsideNanos = settings.setAside().toNanos();
        this.driver = new NodeDriver(key.at(), schema, account, trust, settings, key.use() != Use.READ);
        this.pool = new HikariDataSource(config(owner, most, settings));
        this.closing = Threads.one(owner, "retire-" + key.node(), this::shut);
    }

    private HikariConfig config(String owner, int most, DataSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(owner + "-" + key.node() + "-" + key.use().name().toLowerCase(Locale.ROOT));
        config.setDataSource(driver);
        config.setMaximumPoolSize(most);
        config.setMinimumIdle(key.use() == Use.SCHEMA ? 0 : Math.min(KEPT, most));
        config.setConnectionTimeout(settings.nodeWait().toMillis());
        config.setValidationTimeout(VALIDATION.toMillis());
        // Hikari's own leak detection takes a stack trace for each loan, which costs more than the loan; Loans looks at
        // the time.
        config.setReadOnly(key.use() == Use.READ);
        // A node that is down at the start must not stop the start.
        config.setInitializationFailTimeout(-1);
        ThreadFactory threads = Threads.named(owner, "pool");
        config.setThreadFactory(task -> threads.newThread(() -> work(task)));
        return config;
    }

    private void work(Runnable task) {
        workers.add(Thread.currentThread());
        try {
            task.run();
        } finally {
            workers.remove(Thread.currentThread());
        }
    }

    private static int most(Use use, DataSettings settings) {
        return switch (use) {
            case WRITE -> settings.writers();
            case READ -> settings.readers();
            case SCHEMA -> MOST_SCHEMA_CONNECTIONS;
        };
    }

    PoolKey key() {
        return key;
    }

    String node() {
        return key.node();
    }

    boolean isRetired() {
        return retired.get();
    }

    /**
     * Within the settings' nodeWait, and as long again where the application holds its share; at once when the pool is given up meanwhile.
     *
     * @param application who pays, from its share
     */
    Connection borrow(String application) throws SQLException {
        loans.look();
        Connection connection = null;
        Exception failure = null;
        Waiters.Waiter waiter = waiters.enter();
        try {
            // Whoever enters later than retire looks sees it here.
            connection = isRetired() ? null : withinShare(application);
        } catch (SQLException | InterruptedException e) {
            failure = e;
        }
        boolean sentAway = waiters.leave(waiter);
        if (connection != null) {
            handedOut.increment();
            return connection;
        }
        if (failure == null || sentAway) {
            throw new SQLTransientConnectionException(
                    node() + " was given up while a connection was waited for", "08001");
        }
        if (failure instanceof SQLException told) {
            throw told;
        }
        Thread.currentThread().interrupt();
        throw new SQLTransientConnectionException(
                "interrupted while waiting for a connection; nothing was sent", "08001", failure);
    }

    private Connection withinShare(String application) throws SQLException, InterruptedException {
        if (!shares.take(application, wait)) {
            throw new ShareSpent(application, shares.each(), this);
        }
        Connection connection = null;
        try {
            connection = pool.getConnection();
            return connection;
        } finally {
            if (connection == null) {
                shares.giveBack(application);
            }
        }
    }

    /** An application holds all that it may hold of this pool. */
    static final class ShareSpent extends SQLTransientConnectionException {
        private static final long serialVersionUID = 1L;

        private ShareSpent(String application, int share, NodePool pool) {
            super(
                    application + " holds " + share + " connections to " + pool.node() + " for "
                            + pool.key().use() + ", which is all that one application may have at once: it is slow with"
                            + " them, or forgets to close them; nothing was sent",
                    "08001");
        }
    }

    Loans loans() {
        return loans;
    }

    Shares shares() {
        return shares;
    }

    Line line(Connection borrowed) throws SQLException {
        return driver.line(borrowed);
    }

    /** All its connections were in use, which says nothing against the node. */
    static boolean isExhausted(SQLException failure) {
        if (failure instanceof ShareSpent) {
            return true;
        }
        return failure instanceof SQLTransientConnectionException
                && failure.getCause() == null
                && failure.getNextException() == null
                && failure.getErrorCode() == 0
                && String.valueOf(failure.getMessage()).contains("request timed out");
    }

    /** The node answered nothing, or its connections are dead: the idle ones too, or each would have to fail once. */
    void failed() {
        failures.increment();
        asideUntil = time.nanos() + setAsideNanos;
        if (!aside) {
            aside = true;
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    void answered() {
        aside = false;
    }

    boolean isSetAside() {
        return aside && asideUntil - time.nanos() > 0;
    }

    CausalToken applied() {
        return applied.token();
    }

    void hasApplied(CausalToken token) {
        applied.reaches(token);
    }

    int active() {
        return figure(HikariPoolMXBean::getActiveConnections);
    }

    int idle() {
        return figure(HikariPoolMXBean::getIdleConnections);
    }

    int waiting() {
        return figure(HikariPoolMXBean::getThreadsAwaitingConnection);
    }

    private int figure(ToIntFunction<HikariPoolMXBean> figure) {
        HikariPoolMXBean bean = pool.getHikariPoolMXBean();
        return bean == null || isRetired() ? 0 : figure.applyAsInt(bean);
    }

    /** Cuts all connections at once, borrowed ones too; returns how many. The rest of the closing takes its time elsewhere. */
    int retire() {
        if (!retired.compareAndSet(false, true)) {
            return 0;
        }
        waiters.sendAway();
        int cut = driver.cut();
        closing.start();
        return cut;
    }

    private void shut() {
        // HikariCP waits for the thread that opens connections, which may be in the long pause before its next attempt.
        workers.forEach(Thread::interrupt);
        pool.close();
    }

    /** Returns when none of its threads is at work any more, or when that lasts too long. */
    @Override
    public void close() {
        int unused = retire();
        try {
            closing.join(CLOSING.toMillis());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
