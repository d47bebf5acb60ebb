package com.foobar.bench.chaos;

import com.foobar.appserver.data.Account;
import com.foobar.appserver.data.Accounts;
import com.foobar.appserver.data.DataSettings;
import com.foobar.appserver.data.OutcomeUnknownException;
import com.foobar.appserver.data.PolledTopology;
import com.foobar.appserver.data.RoutingDataSource;
import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.kernel.config.Layers;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.config.Text;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** What the harness starts in the place of an application server: its DataSource with its defaults, and four threads that insert. */
public final class Writers {
    private static final int THREADS = 4;
    private static final Duration EACH = Duration.ofMillis(10);
    private static final Duration VALIDITY_THIRD = Duration.ofSeconds(1);
    private static final Duration TABLES = Duration.ofSeconds(85);

    private final Station station;
    private final BookKeeper books;
    private final RoutingDataSource database;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean paused;

    private Writers(Station station, Time time) throws IOException {
        this.station = station;
        this.books = new BookKeeper(station.books("writers"));
        DataSettings settings = Settings.read(
                        DataSettings.class, new Layers(new Text("none", "writers: 16\n"), Map.of(), List.of()))
                .value()
                .orElseThrow();
        this.database = new RoutingDataSource(
                "chaos",
                new Accounts(
                        Station.SCHEMA,
                        account(Duty.APPLICATION),
                        account(Duty.READER),
                        Optional.of(account(Duty.SCHEMA))),
                settings,
                new PolledTopology(
                        "chaos", Station.CLUSTER, station.admins(), VALIDITY_THIRD, settings.connectTimeout(), time),
                time);
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws Exception {
        Station station = Station.parse(List.of(arguments));
        Writers writers = new Writers(station, new SystemTime("chaos"));
        writers.makeTables();
        for (int i = 0; i < THREADS; i++) {
            Threads.one("chaos", "writer-" + i, writers::write).start();
        }
        Inspector inspector = new Inspector(station);
        System.out.println("writing");
        Hotline.serve(station.hotline("writers"), question -> switch (question) {
            case "pause" -> writers.pause(true);
            case "resume" -> writers.pause(false);
            default -> inspector.answer(question);
        });
    }

    private Account account(Duty duty) {
        Login login = station.login(duty);
        return new Account(login.user(), login.password());
    }

    private void makeTables() throws SQLException {
        long began = System.nanoTime();
        while (true) {
            try (Connection connection = database.schema().getConnection();
                    Statement statement = connection.createStatement()) {
                for (String table : List.of(Station.LEDGER, Station.CANARY)) {
                    boolean unused = statement.execute("CREATE TABLE IF NOT EXISTS " + table
                            + " (id BIGINT PRIMARY KEY, written TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6))");
                }
                return;
            } catch (SQLException e) {
                if (System.nanoTime() - began > TABLES.toNanos()) {
                    throw e;
                }
                Pace.wait(Duration.ofMillis(200));
            }
        }
    }

    private void write() {
        DataSource primary = database;
        Pace pace = new Pace(EACH);
        while (true) {
            pace.await();
            underWay.incrementAndGet();
            // In this order: who pauses waits for those that had not seen it.
            if (!paused) {
                insert(primary, ids.incrementAndGet());
            }
            underWay.decrementAndGet();
        }
    }

    private void insert(DataSource primary, long id) {
        long start = System.nanoTime();
        try (Connection connection = primary.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + Station.LEDGER + " (id) VALUES (?)")) {
            insert.setLong(1, id);
            int rows = insert.executeUpdate();
            // Before the connection is given back: what fails after the answer takes nothing back.
            if (rows == 1) {
                books.acknowledged(new Ack(id, "", start, System.nanoTime()));
            }
        } catch (SQLException e) {
            if (OutcomeUnknownException.SQL_STATE.equals(e.getSQLState())) {
                books.unknown(id);
            } else {
                books.failed(e);
            }
        }
    }

    private String pause(boolean on) {
        paused = on;
        long began = System.nanoTime();
        while (on && underWay.get() > 0) {
            if (System.nanoTime() - began > Duration.ofSeconds(20).toNanos()) {
                return "!" + underWay + " writes have had no answer for 20 s";
            }
            Pace.wait(Duration.ofMillis(5));
        }
        return on ? "paused" : "resumed";
    }
}
