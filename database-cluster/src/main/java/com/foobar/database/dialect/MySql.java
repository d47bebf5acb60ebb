package com.foobar.database.dialect;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * MySQL 8.0.26 to 9.x, for the spelling of its semi-sync plugins ({@code semisync_source.so}), which must be installed;
 * seeding a position needs 8.2 or newer, whose name for RESET MASTER it uses. Every statement here was written from the documentation and <em>none was ever run against a server</em>; the tests compare texts and rows only.
 */
final class MySql implements Dialect {

    private static final String HEARTBEAT_SECONDS = "0.3";

    private static final int OPTION_PREVENTS_STATEMENT = 1290;
    private static final int READ_ONLY_MODE = 1836;

    /** RESET MASTER until 8.1; that name went away in 8.4. */
    private static final String RESET_BINARY_LOGS = "RESET BINARY LOGS AND GTIDS";

    @Override
    public String name() {
        return "MySQL";
    }

    @Override
    public Sql probe() {
        return Sql.of("SELECT 1");
    }

    @Override
    public List<Sql> statusQuestions() {
        // SHOW rather than SELECT @@: a variable of a plugin that is not installed is then missing, not an error.
        return List.of(
                Sql.of("SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', 'server_id', 'super_read_only',"
                        + " 'gtid_executed', 'rpl_semi_sync_source_enabled', 'rpl_semi_sync_replica_enabled')"),
                Sql.of("SHOW REPLICA STATUS"),
                Sql.of("SHOW GLOBAL STATUS WHERE Variable_name IN"
                        + " ('Rpl_semi_sync_source_clients', 'Rpl_semi_sync_source_wait_sessions')"));
    }

    @Override
    public NodeStatus status(List<List<Row>> answers) {
        Row facts = Answers.sideways(answers.get(0));
        if (facts.get("version").isEmpty()) {
            throw new IllegalArgumentException("an answer with the server's version");
        }
        Optional<Row> replica = Answers.first(answers.get(1));
        Row counts = Answers.sideways(answers.get(2));
        Position executed = position(facts.text("gtid_executed"));
        return new NodeStatus(
                facts.text("version"),
                facts.number("server_id"),
                facts.on("super_read_only"),
                union(
                        executed,
                        position(replica.map(row -> row.text("Retrieved_Gtid_Set"))
                                .orElse(""))),
                executed,
                new History(executed, executed, executed),
                new SemiSync(
                        facts.on("rpl_semi_sync_source_enabled"),
                        facts.on("rpl_semi_sync_replica_enabled"),
                        counts.number("Rpl_semi_sync_source_clients"),
                        counts.number("Rpl_semi_sync_source_wait_sessions")),
                replica.map(row -> Answers.receiver(
                        row,
                        // Its relay log outlives a restart of the threads, so that none need be noticed.
                        Receiver.Threads.NONE,
                        "Source",
                        "Replica_IO_Running",
                        "Replica_SQL_Running",
                        "Seconds_Behind_Source")));
    }

    @Override
    public Sql waitForAcks(boolean needed) {
        return Sql.of("SET GLOBAL rpl_semi_sync_source_enabled=" + (needed ? 1 : 0));
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
        // Without TLS the password is exchanged under the server's public key, which a replica fetches only when told
        // to; and the 0 because a replica keeps what it is not told anew.
        String encryption = source.authority()
                .map(file -> "SOURCE_SSL=1, SOURCE_SSL_CA='" + file.toString().replace("'", "''")
                        + "', SOURCE_SSL_VERIFY_SERVER_CERT=1")
                .orElse("SOURCE_SSL=0, GET_SOURCE_PUBLIC_KEY=1");
        return List.of(
                Sql.of("STOP REPLICA"),
                Sql.of(
                        "CHANGE REPLICATION SOURCE TO SOURCE_HOST='" + at.host() + "', SOURCE_PORT=" + at.port()
                                + ", SOURCE_USER='" + source.login().user()
                                + "', SOURCE_PASSWORD=?, SOURCE_AUTO_POSITION=1, " + encryption
                                + ", SOURCE_CONNECT_RETRY=1, SOURCE_HEARTBEAT_PERIOD=" + HEARTBEAT_SECONDS,
                        source.login().password()),
                Sql.of("START REPLICA"));
    }

    @Override
    public List<Sql> stopReceiver() {
        return List.of(Sql.of("STOP REPLICA IO_THREAD"));
    }

    @Override
    public List<Sql> startReceiver() {
        return List.of(Sql.of("START REPLICA IO_THREAD"));
    }

    @Override
    public List<Sql> startApplier() {
        return List.of(Sql.of("START REPLICA SQL_THREAD"));
    }

    @Override
    public boolean forgetsReceived() {
        return false;
    }

    @Override
    public List<Sql> stopReplica() {
        return List.of(Sql.of("STOP REPLICA"));
    }

    @Override
    public List<Sql> forgetSource() {
        return List.of(Sql.of("STOP REPLICA"), Sql.of("RESET REPLICA ALL"));
    }

    @Override
    public List<Sql> promote() {
        return List.of(
                Sql.of("STOP REPLICA"),
                Sql.of("RESET REPLICA ALL"),
                Sql.of("SET GLOBAL rpl_semi_sync_replica_enabled=0"),
                Sql.of("SET GLOBAL rpl_semi_sync_source_enabled=1"),
                // Taking super_read_only away leaves read_only as it is.
                Sql.of("SET GLOBAL super_read_only=0"),
                Sql.of("SET GLOBAL read_only=0"));
    }

    @Override
    public List<Sql> closeWrites() {
        return List.of(Sql.of("SET GLOBAL super_read_only=1"));
    }

    @Override
    public List<Sql> openWrites() {
        return List.of(Sql.of("SET GLOBAL super_read_only=0"), Sql.of("SET GLOBAL read_only=0"));
    }

    @Override
    public List<Sql> demote() {
        return List.of(
                Sql.of("SET GLOBAL rpl_semi_sync_source_enabled=0"),
                Sql.of("SET GLOBAL rpl_semi_sync_replica_enabled=1"));
    }

    /** Auto-positioning counts all that was executed, whoever wrote it. */
    @Override
    public List<Sql> resume(NodeStatus status) {
        return List.of();
    }

    @Override
    public List<Sql> seedPosition(Position position) {
        return List.of(Sql.of(RESET_BINARY_LOGS), Sql.of("SET GLOBAL gtid_purged='" + gtids(position) + "'"));
    }

    @Override
    public Sql await(Position position, Duration limit) {
        return Sql.of("SELECT WAIT_FOR_EXECUTED_GTID_SET('" + gtids(position) + "', "
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
                String account = plan.account(login);
                statements.add(Sql.of("DROP USER IF EXISTS " + account));
                statements.add(Sql.of(
                        "CREATE USER " + account + " IDENTIFIED WITH caching_sha2_password BY ?"
                                + (plan.encrypted() ? " REQUIRE SSL" : ""),
                        login.password()));
                grants(duty, plan).forEach(grant -> statements.add(Sql.of("GRANT " + grant + " TO " + account)));
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
            case MONITOR -> List.of("REPLICATION CLIENT ON *.*");
            case COORDINATOR ->
                List.of(
                        "REPLICATION_SLAVE_ADMIN, SYSTEM_VARIABLES_ADMIN, CONNECTION_ADMIN, REPLICATION CLIENT, PROCESS,"
                                + " RELOAD ON *.*",
                        "SELECT, DELETE ON mysql.innodb_table_stats");
            case BACKUP ->
                List.of(
                        "RELOAD, REPLICATION CLIENT, PROCESS, BACKUP_ADMIN, CLONE_ADMIN, SHOW_ROUTINE ON *.*",
                        "SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES ON " + plan.granted());
        };
    }

    @Override
    public boolean isReadOnlyRefusal(int errorCode) {
        return errorCode == OPTION_PREVENTS_STATEMENT || errorCode == READ_ONLY_MODE;
    }

    @Override
    public Position position(String text) {
        return new Position(MySqlGtids.parse(text).toString());
    }

    @Override
    public Standing compare(Position one, Position other) {
        return MySqlGtids.parse(one.text()).compare(MySqlGtids.parse(other.text()));
    }

    @Override
    public Position union(Position one, Position other) {
        return new Position(MySqlGtids.parse(one.text())
                .union(MySqlGtids.parse(other.text()))
                .toString());
    }

    @Override
    public Position errant(History own, History reference) {
        return new Position(MySqlGtids.parse(own.executed().text())
                .minus(MySqlGtids.parse(reference.executed().text()))
                .toString());
    }

    private static String gtids(Position position) {
        return MySqlGtids.parse(position.text()).toString();
    }
}
