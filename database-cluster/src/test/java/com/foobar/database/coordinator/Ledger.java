package com.foobar.database.coordinator;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.act.Bounds;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.dialect.Row;
import com.foobar.database.dialect.Sql;
import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Writers that follow the published document as applications do, and remember every write that was acknowledged to them. */
final class Ledger implements AutoCloseable {
    private static final Bounds BOUNDS = new Bounds(Duration.ofMillis(500), Duration.ofSeconds(1));
    private static final int WRITERS = 3;
    private static final int PAGE = 1_000;

    private final WholeCluster cluster;
    private final NavigableSet<Integer> acknowledged = new ConcurrentSkipListSet<>();
    private final AtomicInteger next = new AtomicInteger(1);
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong gapNanos = new AtomicLong();
    private final List<Thread> writers = new ArrayList<>();
    private volatile boolean stopped;

    Ledger(WholeCluster cluster) {
        this.cluster = cluster;
    }

    /** With a table of its own, at the primary. */
    Ledger begin(int primary) throws NodeFailure {
        List<Row> unused =
                cluster.ground.ask(primary, Duty.SCHEMA, "CREATE TABLE ledger (id INT PRIMARY KEY, at TIMESTAMP(6))");
        for (int i = 0; i < WRITERS; i++) {
            Thread writer = new Thread(this::write, "ledger-" + i);
            writer.setDaemon(true);
            writer.start();
            writers.add(writer);
        }
        awaitMore(50);
        return this;
    }

    private void write() {
        @Nullable NodeSession session = null;
        int target = 0;
        while (!stopped) {
            int primary = primary();
            if (session != null && primary != target) {
                session.abort();
                session = null;
            }
            if (primary == 0) {
                LockSupport.parkNanos(2_000_000);
                continue;
            }
            int id = next.getAndIncrement();
            try {
                if (session == null) {
                    session = NodeSession.open(
                            cluster.ground.target(primary, Duty.APPLICATION), BOUNDS, TestCluster.SCHEMA);
                    target = primary;
                }
                List<Row> unused =
                        session.ask(Sql.of("INSERT INTO ledger VALUES (" + id + ", NOW(6))"), BOUNDS.answer());
                acknowledged(id);
                LockSupport.parkNanos(3_000_000);
            } catch (NodeFailure e) {
                failures.incrementAndGet();
                if (session != null) {
                    session.abort();
                    session = null;
                }
                LockSupport.parkNanos(2_000_000);
            }
        }
        if (session != null) {
            session.abort();
        }
    }

    private void acknowledged(int id) {
        acknowledged.add(id);
        long now = System.nanoTime();
        long gap = now - lastNanos.getAndSet(now);
        gapNanos.accumulateAndGet(gap, Math::max);
    }

    /** 0 while nobody takes writes, or they shall wait. */
    private int primary() {
        String text = cluster.document().orElse("{}");
        try {
            if (Json.parse(text) instanceof Map<?, ?> document
                    && !Boolean.TRUE.equals(document.get("parked"))
                    && document.get("primary") instanceof String name) {
                return Integer.parseInt(name.substring(2));
            }
            return 0;
        } catch (JsonSyntaxException e) {
            throw new AssertionError(text, e);
        }
    }

    void resetGap() {
        lastNanos.set(System.nanoTime());
        gapNanos.set(0);
    }

    /** The longest time between two acknowledgements since the reset. */
    Duration gap() {
        return Duration.ofNanos(gapNanos.get());
    }

    int failures() {
        return failures.get();
    }

    void awaitMore(int count) {
        int wanted = acknowledged.size() + count;
        Await.until("writes go on", WholeCluster.SOON, () -> acknowledged.size() >= wanted);
    }

    int size() {
        return acknowledged.size();
    }

    /** What was acknowledged and is not there; the writers are stopped first. */
    NavigableSet<Integer> lostAt(int node) throws NodeFailure {
        stop();
        NavigableSet<Integer> lost = new TreeSet<>(acknowledged);
        // A session shows no more rows than this at once.
        int last = 0;
        List<Row> page;
        do {
            page = cluster.ground.ask(
                    node, Duty.READER, "SELECT id FROM ledger WHERE id > " + last + " ORDER BY id LIMIT " + PAGE);
            for (Row row : page) {
                last = idOf(row);
                lost.remove(last);
            }
        } while (page.size() == PAGE);
        return lost;
    }

    private static Integer idOf(Row row) {
        return Integer.valueOf(row.toString().replaceAll("\\D", ""));
    }

    private void stop() {
        stopped = true;
        for (Thread writer : writers) {
            try {
                writer.join(5_000);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
