package com.foobar.database.backup;

import com.foobar.database.act.Bounds;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.act.Target;
import com.foobar.database.dialect.Row;
import com.foobar.database.dialect.Sql;
import com.foobar.database.embedded.DumpFile;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The same view of the data as a dump's, so that what the dump should hold can be counted while writes go on. Commits are held for the
 * moment in which both views are opened; that they are one is proved by the position that the dump itself carries.
 */
final class Snapshot implements AutoCloseable {

    private static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(2), Duration.ofSeconds(10));

    /** Beyond it commits go on, and the backup is given up: a backup must not become an outage. */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(3);

    private static final Duration LOOK = Duration.ofMillis(2);

    /** NodeSession reads no more rows. */
    private static final int MOST_TABLES = 999;

    /** Starts the dump. */
    @FunctionalInterface
    interface Begin {
        DumpFile begin() throws IOException, StartFailure;
    }

    /** A dump that has its view, and the same view for us. */
    record Pinned(DumpFile dump, Snapshot snapshot) {}

    private final NodeSession session;
    private final String position;
    private final String history;
    private final String schema;
    private final Duration patience;

    private Snapshot(NodeSession session, String position, String history, String schema, Duration patience) {
        this.session = session;
        this.position = position;
        this.history = history;
        this.schema = schema;
        this.patience = patience;
    }

    static Pinned pin(Target target, String schema, Duration patience, Begin begin, Time time)
            throws NodeFailure, IOException, InterruptedException, StartFailure {
        NodeSession view = NodeSession.open(target, BOUNDS);
        DumpFile dump = null;
        boolean pinned = false;
        try (NodeSession hold = NodeSession.open(target, BOUNDS)) {
            ask(view, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            ask(hold, "SET SESSION lock_wait_timeout=" + LONGEST_HOLD.toSeconds());
            ask(hold, "BACKUP STAGE START");
            ask(hold, "BACKUP STAGE BLOCK_COMMIT");
            List<Row> stand = ask(hold, "SELECT @@global.gtid_binlog_pos p, @@global.gtid_binlog_state s");
            String position = value(stand, "p");
            String history = value(stand, "s");
            ask(view, "START TRANSACTION WITH CONSISTENT SNAPSHOT");
            dump = begin.begin();
            awaitView(hold, dump, schema, time);
            ask(hold, "BACKUP STAGE END");
            pinned = true;
            return new Pinned(dump, new Snapshot(view, position, history, schema, patience));
        } finally {
            if (!pinned) {
                view.close();
                if (dump != null) {
                    dump.close();
                }
            }
        }
    }

    /** A bound that any data of a healthy node is done within. */
    static Duration patience(Target target, String schema, Duration least) throws NodeFailure {
        try (NodeSession session = NodeSession.open(target, BOUNDS)) {
            String size = value(
                    ask(
                            session,
                            "SELECT CAST(COALESCE(SUM(DATA_LENGTH+INDEX_LENGTH),0) AS SIGNED) DIV 1048576 m"
                                    + " FROM information_schema.TABLES WHERE TABLE_SCHEMA='" + schema + "'"),
                    "m");
            return least.plusSeconds(Long.parseLong(size));
        }
    }

    /** The dump chooses its schema only after its view is taken; an account sees its own connections. */
    private static void awaitView(NodeSession hold, DumpFile dump, String schema, Time time)
            throws NodeFailure, StartFailure {
        long began = time.nanos();
        while (dump.isAlive()) {
            List<Row> connections = ask(
                    hold,
                    "SELECT ID i FROM information_schema.PROCESSLIST WHERE DB='" + schema
                            + "' AND ID<>CONNECTION_ID() AND USER=SUBSTRING_INDEX(CURRENT_USER(),'@',1)");
            if (!connections.isEmpty()) {
                return;
            }
            if (time.nanos() - began > LONGEST_HOLD.toNanos()) {
                throw new StartFailure(
                        "the dump of " + hold.at() + " took no view of the data within " + LONGEST_HOLD.toSeconds()
                                + " s, for which commits were held",
                        "try again when that node is less busy");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** False when the dump saw another moment. */
    boolean isOf(String dumped) {
        return position.equals(dumped);
    }

    String stand() {
        return position;
    }

    /** What each primary so far has written of it. */
    String history() {
        return history;
    }

    List<String> tables() throws NodeFailure, StartFailure {
        List<Row> rows = ask(
                session,
                "SELECT TABLE_NAME t FROM information_schema.TABLES WHERE TABLE_SCHEMA='" + schema
                        + "' AND TABLE_TYPE='BASE TABLE' ORDER BY TABLE_NAME");
        if (rows.size() > MOST_TABLES) {
            throw new StartFailure(
                    schema + " has more than " + MOST_TABLES + " tables, which are not compared",
                    "take the backup with --no-verify");
        }
        return rows.stream().map(row -> row.get("t").orElseThrow()).toList();
    }

    List<TableSum> sums(List<String> tables) throws NodeFailure {
        List<TableSum> sums = new ArrayList<>();
        for (String table : tables) {
            String rows = value(session.ask(Sql.of(countQuestion(schema, table)), patience), "n");
            String sum = value(session.ask(Sql.of(sumQuestion(schema, table)), patience), "Checksum");
            sums.add(new TableSum(table, Long.parseLong(rows), sum));
        }
        return sums;
    }

    String server() throws NodeFailure {
        return value(ask(session, "SELECT VERSION() v"), "v");
    }

    static String countQuestion(String schema, String table) {
        return "SELECT COUNT(*) n FROM " + quoted(schema) + "." + quoted(table);
    }

    static String sumQuestion(String schema, String table) {
        return "CHECKSUM TABLE " + quoted(schema) + "." + quoted(table);
    }

    private static String quoted(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    private static List<Row> ask(NodeSession session, String sql) throws NodeFailure {
        return session.ask(Sql.of(sql), BOUNDS.answer());
    }

    private static String value(List<Row> rows, String column) {
        return rows.isEmpty() ? "" : rows.get(0).get(column).orElse("");
    }

    @Override
    public void close() {
        session.close();
    }
}
