package com.foobar.database.dialect;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** MariaDB 10.6 and newer. */
final class MariaDb implements Dialect {

    /** How long a replica waits before it tries its source again; the server takes whole seconds. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** A silent source is noticed after {@code slave_net_timeout}, one second in our files; a heartbeat must come well before. */
    private static final String HEARTBEAT_SECONDS = "0.3";

    private static final int OPTION_PREVENTS_STATEMENT = 1290;

    @Override
    public String name() {
        return "MariaDB";
    }

    @Override
    public Sql probe() {
        return Sql.of("SELECT 1");
    }

    @Override
    public List<Sql> statusQuestions() {
        // The receiver before the positions: beside a stopped receiver they are then final. The threads last: a
        // receiver
        // that was restarted in between, and forgot, is seen by its number. And one SELECT rather than SHOW VARIABLES,
        // which
        // fills a table of a thousand rows first.
        return List.of(
                Sql.of("SHOW SLAVE STATUS"),
                Sql.of("SELECT VERSION() AS version, @@global.server_id AS server_id, @@global.read_only AS read_only,"
                        + " @@global.gtid_binlog_pos AS binlog_pos, @@global.gtid_slave_pos AS slave_pos,"
                        + " @@global.gtid_binlog_state AS binlog_state,"
                        + " @@global.rpl_semi_sync_master_enabled AS as_source,"
                        + " @@global.rpl_semi_sync_slave_enabled AS as_replica"),
                Sql.of("SHOW GLOBAL STATUS WHERE Variable_name IN"
                        + " ('Rpl_semi_sync_master_clients', 'Rpl_semi_sync_master_wait_sessions')"),
                Sql.of("SELECT COALESCE(MAX(IF(COMMAND='Slave_IO', ID, 0)), 0) AS receiving,"
                        + " COALESCE(MAX(IF(COMMAND='Slave_SQL', ID, 0)), 0) AS applying"
                        + " FROM information_schema.PROCESSLIST WHERE COMMAND IN ('Slave_IO', 'Slave_SQL')"));
    }

    @Override
    public NodeStatus status(List<List<Row>> answers) {
        Optional<Row> replica = Answers.first(answers.get(0));
        Row facts = Answers.only(answers.get(1));
        Row counts = Answers.sideways(answers.get(2));
        Row threads = Answers.only(answers.get(3));
        Position own = position(facts.text("binlog_pos"));
        Position replicated = position(facts.text("slave_pos"));
        Position applied = union(own, replicated);
        // The receiver's own position is empty until it first receives: what is applied was received all the same.
        Position received = union(
                applied, position(replica.map(row -> row.text("Gtid_IO_Pos")).orElse("")));
        return new NodeStatus(
                facts.text("version"),
                facts.number("server_id"),
                facts.on("read_only"),
                received,
                applied,
                new History(own, new Position(gtids(facts.text("binlog_state"))), replicated),
                new SemiSync(
                        facts.on("as_source"),
                        facts.on("as_replica"),
                        counts.number("Rpl_semi_sync_master_clients"),
                        counts.number("Rpl_semi_sync_master_wait_sessions")),
                replica.map(row -> Answers.receiver(
                        row,
                        new Receiver.Threads(threads.number("receiving"), threads.number("applying")),
                        "Master",
                        "Slave_IO_Running",
                        "Slave_SQL_Running",
                        "Seconds_Behind_Master")));
    }

    @Override
    public Sql waitForAcks(boolean needed) {
        return Sql.of("SET GLOBAL rpl_semi_sync_master_enabled=" + (needed ? 1 : 0));
    }

    @Override
    public List<Sql> logNothing() {
        // By rows a deletion of none would not be logged.
        return List.of(
                Sql.of("SET SESSION binlog_format=STATEMENT"),
                Sql.of("DELETE FROM mysql.innodb_table_stats WHERE database_name=''"));
    }

    @Override
    public List<Sql> follow(Source source) {
        HostPort at = source.at();
        // slave_pos, never current_pos: that one mixes in what was written here. From 11.4 on TLS is the default, hence
        // the 0.
        String encryption = source.authority()
                .map(file -> "MASTER_SSL=1, MASTER_SSL_CA='" + file.toString().replace("'", "''")
                        + "', MASTER_SSL_VERIFY_SERVER_CERT=1")
                .orElse("MASTER_SSL=0");
        return List.of(
                Sql.of("STOP SLAVE"),
                Sql.of(
                        "CHANGE MASTER TO MASTER_HOST='" + at.host() + "', MASTER_PORT=" + at.port() + ", MASTER_USER='"
                                + source.login().user() + "', MASTER_PASSWORD=?, MASTER_USE_GTID=slave_pos, "
                                + encryption + ", MASTER_CONNECT_RETRY=" + RETRY.toSeconds()
                                + ", MASTER_HEARTBEAT_PERIOD=" + HEARTBEAT_SECONDS,
                        source.login().password()),
                Sql.of("START SLAVE"));
    }

    @Override
    public List<Sql> stopReceiver() {
        return List.of(Sql.of("STOP SLAVE IO_THREAD"));
    }

    @Override
    public List<Sql> startReceiver() {
        return List.of(Sql.of("START SLAVE IO_THREAD"));
    }

    @Override
    public List<Sql> startApplier() {
        return List.of(Sql.of("START SLAVE SQL_THREAD"));
    }

    /** Seen on 11.4.5 and 10.11.19: with GTIDs the relay log is emptied and would be fetched again, from a source that may be dead. */
    @Override
    public boolean forgetsReceived() {
        return true;
    }

    @Override
    public List<Sql> stopReplica() {
        return List.of(Sql.of("STOP SLAVE"));
    }

    @Override
    public List<Sql> forgetSource() {
        return List.of(Sql.of("STOP SLAVE"), Sql.of("RESET SLAVE ALL"));
    }

    @Override
    public List<Sql> promote() {
        // Acknowledgements are demanded before the first write can come, or that one would be confirmed without any.
        return List.of(
                Sql.of("STOP SLAVE"),
                Sql.of("RESET SLAVE ALL"),
                Sql.of("SET GLOBAL rpl_semi_sync_slave_enabled=0"),
                Sql.of("SET GLOBAL rpl_semi_sync_master_enabled=1"),
                Sql.of("SET GLOBAL read_only=0"));
    }

    @Override
    public List<Sql> closeWrites() {
        return List.of(Sql.of("SET GLOBAL read_only=1"));
    }

    @Override
    public List<Sql> openWrites() {
        return List.of(Sql.of("SET GLOBAL read_only=0"));
    }

    @Override
    public List<Sql> demote() {
        return List.of(
                Sql.of("SET GLOBAL rpl_semi_sync_master_enabled=0"),
                Sql.of("SET GLOBAL rpl_semi_sync_slave_enabled=1"));
    }

    @Override
    public List<Sql> resume(NodeStatus status) {
        // What a primary writes does not move its position as a replica.
        return status.applied().equals(status.history().replicated()) ? List.of() : seedPosition(status.applied());
    }

    @Override
    public List<Sql> seedPosition(Position position) {
        return List.of(Sql.of("SET GLOBAL gtid_slave_pos='" + gtids(position.text()) + "'"));
    }

    @Override
    public Sql await(Position position, Duration limit) {
        return Sql.of("SELECT MASTER_GTID_WAIT('" + gtids(position.text()) + "', "
                + String.format(Locale.ROOT, "%.3f", limit.toMillis() / 1000.0) + ") AS waited");
    }

    @Override
    public boolean waited(Row answer) {
        return answer.text("waited").equals("0");
    }

    @Override
    public Sql unlogged() {
        return Sql.of("SET SESSION sql_log_bin=0");
    }

    @Override
    public List<Sql> accounts(AccountPlan plan) {
        List<Sql> statements = new ArrayList<>();
        statements.add(unlogged());
        statements.add(Sql.of("CREATE DATABASE IF NOT EXISTS `" + plan.schema() + "` CHARACTER SET utf8mb4"));
        for (Duty duty : Duty.values()) {
            Login login = plan.logins().get(duty);
            if (login != null) {
                // The hash, not the password: init files and logs of statements see only what cannot be logged in with.
                statements.add(Sql.of(
                        "CREATE OR REPLACE USER " + plan.account(login)
                                + " IDENTIFIED VIA mysql_native_password USING ?"
                                + (plan.encrypted() ? " REQUIRE SSL" : ""),
                        NativePassword.hash(login.password())));
                grants(duty, plan)
                        .forEach(grant -> statements.add(Sql.of("GRANT " + grant + " TO " + plan.account(login))));
            }
        }
        return List.copyOf(statements);
    }

    private static List<String> grants(Duty duty, AccountPlan plan) {
        return switch (duty) {
            case APPLICATION ->
                List.of("SELECT, INSERT, UPDATE, DELETE, EXECUTE, CREATE TEMPORARY TABLES, LOCK TABLES, SHOW VIEW ON "
                        + plan.granted());
            case READER -> List.of("SELECT, EXECUTE, SHOW VIEW ON " + plan.granted());
            case SCHEMA ->
                List.of(
                        "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW,"
                                + " CREATE ROUTINE, ALTER ROUTINE, EXECUTE, LOCK TABLES ON " + plan.granted());
            case REPLICATION -> List.of("REPLICATION SLAVE ON *.*");
            case MONITOR -> List.of("SLAVE MONITOR, BINLOG MONITOR ON *.*");
            case COORDINATOR ->
                List.of(
                        "REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, READ_ONLY ADMIN, SLAVE MONITOR, BINLOG MONITOR,"
                                + " CONNECTION ADMIN, BINLOG ADMIN, PROCESS, RELOAD ON *.*",
                        "SELECT, DELETE ON mysql.innodb_table_stats");
            // RELOAD for the moment's lock that pins the position, mysql.proc for the bodies of routines.
            case BACKUP ->
                List.of(
                        "RELOAD, BINLOG MONITOR, SLAVE MONITOR ON *.*",
                        "SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES ON " + plan.granted(),
                        "SELECT ON mysql.proc");
        };
    }

    @Override
    public boolean isReadOnlyRefusal(int errorCode) {
        return errorCode == OPTION_PREVENTS_STATEMENT;
    }

    @Override
    public Position position(String text) {
        return new Position(MariaDbGtids.parse(text).furthest().toString());
    }

    @Override
    public Standing compare(Position one, Position other) {
        return MariaDbGtids.parse(one.text()).compare(MariaDbGtids.parse(other.text()));
    }

    @Override
    public Position union(Position one, Position other) {
        return new Position(MariaDbGtids.parse(one.text())
                .union(MariaDbGtids.parse(other.text()))
                .furthest()
                .toString());
    }

    @Override
    public Position errant(History own, History reference) {
        MariaDbGtids recorded = MariaDbGtids.parse(reference.recorded().text());
        MariaDbGtids known = recorded.union(
                        MariaDbGtids.parse(reference.executed().text()))
                .union(MariaDbGtids.parse(reference.replicated().text()));
        // Older writers' entries count only where the reference has its own: a reference seeded by a dump never saw
        // them.
        MariaDbGtids suspects = MariaDbGtids.parse(own.executed().text())
                .union(MariaDbGtids.parse(own.recorded().text()).knownTo(recorded));
        return new Position(suspects.missingFrom(known).toString());
    }

    private static String gtids(String text) {
        return MariaDbGtids.parse(text).toString();
    }
}
