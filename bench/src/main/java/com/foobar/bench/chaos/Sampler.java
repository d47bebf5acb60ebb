package com.foobar.bench.chaos;

import com.foobar.database.account.Duty;
import com.foobar.kernel.thread.Threads;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Asks each node directly, every 20 ms, whether it takes writes, and where it says so makes it acknowledge one. It knows nothing of the
 * cluster's view: a deposed primary is asked like the one in office, from inside its own machine where that is cut off.
 */
public final class Sampler {
    private static final Duration EACH = Duration.ofMillis(20);
    /** Where nobody listens; the driver's own failure is what costs most here. */
    private static final Duration NOBODY = Duration.ofMillis(40);

    private static final Duration BOUND = Duration.ofMillis(800);

    /** Room for the ids of one node; what the clock counts in microseconds stays below it for thirty years. */
    private static final long NODE = 1_000_000_000_000_000L;

    private final Station station;
    private final String node;
    private final BookKeeper books;
    private long next;
    private @Nullable Connection connection;

    private Sampler(Station station, String node, int number) throws IOException {
        this.station = station;
        this.node = node;
        this.books = new BookKeeper(station.books("sampler-" + node));
        this.next = number * NODE + System.nanoTime() / 1_000;
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws Exception {
        Station station = Station.parse(List.of(arguments));
        for (String node : station.nodes().keySet()) {
            int number = Integer.parseInt(node.substring(2));
            Sampler sampler = new Sampler(station, node, number);
            Threads.one("chaos", "sampler-" + node, sampler::run).start();
        }
        System.out.println("sampling");
        new CountDownLatch(1).await();
    }

    private void run() {
        Pace pace = new Pace(EACH);
        while (true) {
            pace.await();
            try {
                look();
            } catch (SQLException e) {
                hangUp();
                Pace.wait(NOBODY);
            }
        }
    }

    private void look() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = station.connect(node, Duty.APPLICATION, BOUND);
            connection = open;
        }
        try (Statement statement = open.createStatement()) {
            if (takesWrites(statement)) {
                canary(statement, next++);
            }
        }
    }

    private static boolean takesWrites(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT @@global.read_only")) {
            return row.next() && row.getInt(1) == 0;
        }
    }

    private void canary(Statement statement, long id) throws SQLException {
        long start = System.nanoTime();
        try {
            int rows = statement.executeUpdate("INSERT INTO " + Station.CANARY + " (id) VALUES (" + id + ")");
            if (rows == 1) {
                books.acknowledged(new Ack(id, node, start, System.nanoTime()));
            }
        } catch (SQLException e) {
            books.unknown(id);
            throw e;
        }
    }

    /** Not closed: that would say goodbye to a server that may hang. */
    private void hangUp() {
        Connection lost = connection;
        connection = null;
        if (lost != null) {
            try {
                lost.abort(Runnable::run);
            } catch (SQLException e) {
                books.failed(e);
            }
        }
    }
}
