package com.foobar.appserver.data;

import static com.foobar.appserver.data.Nodes.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.testkit.Await;
import com.foobar.testkit.Signal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The primary dies, hangs or is deposed under writers; the document says so. Two replicas, for one must acknowledge. */
class FailoverIT {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Nodes nodes;
    private ToldTopology news;
    private RoutingDataSource source;

    @BeforeEach
    void start() throws Exception {
        nodes = Nodes.started(1, 2, 3);
        nodes.schema("CREATE TABLE t (id INT PRIMARY KEY)");
        news = new ToldTopology("foobar", TIME);
        news.accept(nodes.document(1, 1, 1, false, 2, 3));
        source = new RoutingDataSource("app1", nodes.accounts(), TestSettings.plain(), news, TIME);
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        source.close();
        nodes.close();
    }

    @Test
    void everyAcknowledgedWriteOutlivesThePrimaryAndEveryFailureIsClear() throws Exception {
        Writers writers = new Writers();
        List<Future<?>> running = writers.start();
        Await.until("some writes are done", Duration.ofSeconds(10), () -> writers.done.size() > 200);
        nodes.kill(1);
        long killed = System.nanoTime();
        failOver();
        int before = writers.done.size();
        Await.until("writes go on", Duration.ofSeconds(10), () -> writers.done.size() > before + 200);
        writers.stop(running);
        System.out.println("gap until the document: "
                + Duration.ofNanos(writers.resumed.get() - killed).toMillis() + " ms; done " + writers.done.size()
                + ", failures " + new TreeMap<>(writers.failures));
        assertThat(ids()).containsAll(writers.done);
        assertThat(writers.failures.keySet())
                .isSubsetOf("OutcomeUnknownException", "SQLTransientConnectionException", "SQLTransientException");
    }

    @Test
    void aHungPrimaryHoldsNobodyOnceTheDocumentSaysSo() throws Exception {
        Writers writers = new Writers();
        List<Future<?>> running = writers.start();
        Await.until("some writes are done", Duration.ofSeconds(10), () -> writers.done.size() > 200);
        nodes.signal(1, Signal.STOP);
        try (Connection reading = source.getConnection()) {
            reading.setReadOnly(true);
            assertThat(one(reading)).isOne();
        }
        nodes.kill(1);
        nodes.order(2, "STOP SLAVE IO_THREAD");
        nodes.order(3, "STOP SLAVE IO_THREAD");
        promoteTheFurthest();
        int before = writers.done.size();
        Await.until("writes go on", Duration.ofSeconds(10), () -> writers.done.size() > before + 200);
        writers.stop(running);
        assertThat(ids()).containsAll(writers.done);
    }

    @Test
    void aNewEpochCutsWhatIsBorrowedFromTheDeposed() throws Exception {
        try (Connection waiting = source.getConnection();
                Connection open = source.getConnection();
                Connection idle = source.getConnection()) {
            open.setAutoCommit(false);
            insert(open, -1);
            assertThat(one(idle)).isOne();
            Future<Duration> blocked = threads.submit(() -> {
                try (Statement statement = waiting.createStatement()) {
                    statement.execute("SELECT SLEEP(20)");
                    throw new AssertionError("it slept to the end");
                } catch (SQLException e) {
                    return Duration.ofNanos(System.nanoTime());
                }
            });
            Await.until(
                    "it waits",
                    Duration.ofSeconds(5),
                    () -> source.state().nodes().stream()
                                    .filter(node -> node.node().equals("db1"))
                                    .mapToInt(RoutingDataSource.NodeState::active)
                                    .sum()
                            == 3);
            nodes.promote(2);
            Duration swapped = Duration.ofNanos(System.nanoTime());
            news.accept(nodes.document(2, 1, 2, false));
            Duration woken = blocked.get(5, TimeUnit.SECONDS);
            System.out.println(
                    "a blocked caller was woken " + woken.minus(swapped).toMillis() + " ms after the document");
            assertThat(woken.minus(swapped)).isLessThan(Duration.ofSeconds(1));
            assertThatThrownBy(() -> insert(open, -2)).isInstanceOf(SQLTransactionRollbackException.class);
            open.rollback();
            assertThat(server(idle)).isEqualTo(2);
            news.accept(nodes.document(1, 99, 1, false));
            assertThat(server(idle)).isEqualTo(2);
        }
    }

    @Test
    void readsDoNotNoticeThatAReplicaDies() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            running.add(threads.submit(() -> {
                while (!enough.get()) {
                    try (Connection connection = source.getConnection()) {
                        connection.setReadOnly(true);
                        assertThat(one(connection)).isOne();
                        reads.incrementAndGet();
                    }
                }
                return null;
            }));
        }
        Await.until("reads flow", Duration.ofSeconds(10), () -> reads.get() > 500);
        nodes.kill(2);
        int before = reads.get();
        Await.until("reads flow on", Duration.ofSeconds(10), () -> reads.get() > before + 2_000);
        enough.set(true);
        for (Future<?> each : running) {
            Object unused = each.get(10, TimeUnit.SECONDS);
        }
        System.out.println("reads " + reads + ", repeated elsewhere " + source.diary().repeated);
        nodes.signal(3, Signal.STOP);
        try (Connection connection = source.getConnection()) {
            connection.setReadOnly(true);
            connection.setNetworkTimeout(Runnable::run, 500);
            assertThat(one(connection)).isOne();
        }
    }

    private void failOver() throws Exception {
        nodes.order(2, "STOP SLAVE IO_THREAD");
        nodes.order(3, "STOP SLAVE IO_THREAD");
        promoteTheFurthest();
    }

    private void promoteTheFurthest() throws Exception {
        int best = nodes.furthest(2, 3);
        int other = best == 2 ? 3 : 2;
        nodes.promote(best);
        nodes.follow(other, best);
        news.accept(nodes.document(2, 1, best, false, other));
    }

    private static int one(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT ?")) {
            select.setInt(1, 1);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static int server(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@server_id")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void insert(Connection connection, int id) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
            insert.setInt(1, id);
            insert.executeUpdate();
        }
    }

    private Set<Integer> ids() throws SQLException {
        Set<Integer> ids = new HashSet<>();
        try (Connection connection = source.primary().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM t")) {
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
        }
        return ids;
    }

    /** Four threads that insert ids of their own and write down which were acknowledged. */
    private final class Writers {
        private final Set<Integer> done = ConcurrentHashMap.newKeySet();
        private final Map<String, Integer> failures = new ConcurrentHashMap<>();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicBoolean enough = new AtomicBoolean();
        private final AtomicLong resumed = new AtomicLong();

        private List<Future<?>> start() {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                running.add(threads.submit(this::write));
            }
            return running;
        }

        private void write() {
            boolean failed = false;
            while (!enough.get()) {
                int id = next.incrementAndGet();
                try (Connection connection = source.getConnection()) {
                    insert(connection, id);
                    done.add(id);
                    if (failed) {
                        failed = false;
                        resumed.compareAndSet(0, System.nanoTime());
                    }
                } catch (SQLException e) {
                    failed = true;
                    failures.merge(e.getClass().getSimpleName(), 1, Integer::sum);
                }
            }
        }

        private void stop(List<Future<?>> running) throws Exception {
            enough.set(true);
            for (Future<?> each : running) {
                Object unused = each.get(10, TimeUnit.SECONDS);
            }
        }
    }
}
