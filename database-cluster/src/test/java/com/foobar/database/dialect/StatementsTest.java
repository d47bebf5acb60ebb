package com.foobar.database.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Texts and rows only. For MySQL this is all there is: no server of it was ever asked. */
class StatementsTest {

    private static final Login LOGIN = new Login("repl", Secret.parse("password-1"));
    private static final Source PLAIN = new Source(new HostPort("10.0.0.1", 3306), LOGIN, Optional.empty());
    private static final Source SECURE = new Source(PLAIN.at(), LOGIN, Optional.of(Path.of("/ca.pem")));

    @Test
    void mariaDbFollows() {
        assertThat(Dialects.MARIADB.follow(PLAIN))
                .extracting(Sql::text)
                .containsExactly(
                        "STOP SLAVE",
                        "CHANGE MASTER TO MASTER_HOST='10.0.0.1', MASTER_PORT=3306, MASTER_USER='repl',"
                                + " MASTER_PASSWORD='password-1', MASTER_USE_GTID=slave_pos, MASTER_SSL=0,"
                                + " MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=0.3",
                        "START SLAVE");
        assertThat(Dialects.MARIADB.follow(SECURE).get(1).text())
                .contains("MASTER_SSL=1, MASTER_SSL_CA='/ca.pem', MASTER_SSL_VERIFY_SERVER_CERT=1");
    }

    @Test
    void mySqlFollows() {
        assertThat(Dialects.MYSQL.follow(PLAIN))
                .extracting(Sql::text)
                .containsExactly(
                        "STOP REPLICA",
                        "CHANGE REPLICATION SOURCE TO SOURCE_HOST='10.0.0.1', SOURCE_PORT=3306, SOURCE_USER='repl',"
                                + " SOURCE_PASSWORD='password-1', SOURCE_AUTO_POSITION=1, SOURCE_SSL=0, GET_SOURCE_PUBLIC_KEY=1,"
                                + " SOURCE_CONNECT_RETRY=1, SOURCE_HEARTBEAT_PERIOD=0.3",
                        "START REPLICA");
        assertThat(Dialects.MYSQL.follow(SECURE).get(1).text())
                .contains("SOURCE_SSL=1, SOURCE_SSL_CA='/ca.pem', SOURCE_SSL_VERIFY_SERVER_CERT=1")
                .doesNotContain("PUBLIC_KEY");
    }

    @Test
    void noStatementPrintsItsPassword() {
        for (Dialect dialect : List.of(Dialects.MARIADB, Dialects.MYSQL)) {
            assertThat(dialect.follow(PLAIN).toString()).contains("'***'").doesNotContain("password-1");
            assertThat(dialect.accounts(plan()).toString()).contains("'***'").doesNotContain("password-1", "*2A03");
        }
    }

    @Test
    void writesAreLetInLast() {
        assertThat(Dialects.MARIADB.promote())
                .extracting(Sql::text)
                .containsExactly(
                        "STOP SLAVE",
                        "RESET SLAVE ALL",
                        "SET GLOBAL rpl_semi_sync_slave_enabled=0",
                        "SET GLOBAL rpl_semi_sync_master_enabled=1",
                        "SET GLOBAL read_only=0");
        assertThat(Dialects.MYSQL.promote())
                .extracting(Sql::text)
                .containsExactly(
                        "STOP REPLICA",
                        "RESET REPLICA ALL",
                        "SET GLOBAL rpl_semi_sync_replica_enabled=0",
                        "SET GLOBAL rpl_semi_sync_source_enabled=1",
                        "SET GLOBAL super_read_only=0",
                        "SET GLOBAL read_only=0");
    }

    @Test
    void waitsOnTheServer() {
        Duration limit = Duration.ofMillis(50);
        assertThat(Dialects.MARIADB
                        .await(Dialects.MARIADB.position("0-1-5"), limit)
                        .text())
                .isEqualTo("SELECT MASTER_GTID_WAIT('0-1-5', 0.050) AS waited");
        String gtid = "aaaaaaaa-0000-0000-0000-00000000000a:1-5";
        assertThat(Dialects.MYSQL.await(Dialects.MYSQL.position(gtid), limit).text())
                .isEqualTo("SELECT WAIT_FOR_EXECUTED_GTID_SET('" + gtid + "', 0.050) AS waited");
        assertThat(Dialects.MARIADB.waited(row("waited", "0"))).isTrue();
        assertThat(Dialects.MARIADB.waited(row("waited", "-1"))).isFalse();
        assertThat(Dialects.MYSQL.waited(row("waited", "1"))).isFalse();
        assertThat(Dialects.MYSQL.waited(row("waited", null))).isFalse();
    }

    @Test
    void seedsAndResumes() {
        assertThat(Dialects.MARIADB.seedPosition(Dialects.MARIADB.position("0-1-5")))
                .extracting(Sql::text)
                .containsExactly("SET GLOBAL gtid_slave_pos='0-1-5'");
        String gtid = "aaaaaaaa-0000-0000-0000-00000000000a:1-5";
        assertThat(Dialects.MYSQL.seedPosition(Dialects.MYSQL.position(gtid)))
                .extracting(Sql::text)
                .containsExactly("RESET BINARY LOGS AND GTIDS", "SET GLOBAL gtid_purged='" + gtid + "'");
    }

    @Test
    void mariaDbAccountsCarryHashesAndOnlyTheirGrants() {
        List<String> statements =
                Dialects.MARIADB.accounts(plan()).stream().map(Sql::text).toList();
        assertThat(statements)
                .startsWith("SET SESSION sql_log_bin=0", "CREATE DATABASE IF NOT EXISTS `my_app` CHARACTER SET utf8mb4")
                .contains(
                        "CREATE OR REPLACE USER 'foobar_reader'@'10.0.0.%' IDENTIFIED VIA mysql_native_password USING"
                                + " '" + NativePassword.hash(LOGIN.password()) + "' REQUIRE SSL",
                        "GRANT SELECT, EXECUTE, SHOW VIEW ON `my\\_app`.* TO 'foobar_reader'@'10.0.0.%'")
                .noneMatch(text -> text.contains("password-1"))
                .noneMatch(text -> text.contains("ALL PRIVILEGES") || text.contains("SUPER"));
    }

    @Test
    void theHashIsTheServers() {
        // What SELECT PASSWORD('password') answers on every MariaDB.
        assertThat(NativePassword.hash(Secret.parse("password")))
                .isEqualTo("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
    }

    @Test
    void namesThatWouldLeaveTheirQuotesAreRefused() {
        assertThatThrownBy(() -> new AccountPlan(Map.of(), "a`b", "%", false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AccountPlan(Map.of(), "app", "'%", false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Login("a'b", Secret.parse("password")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Login("ab", Secret.parse("pass'word")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readOnlyRefusalsAreKnown() {
        assertThat(Dialects.MARIADB.isReadOnlyRefusal(1290)).isTrue();
        assertThat(Dialects.MYSQL.isReadOnlyRefusal(1290)).isTrue();
        assertThat(Dialects.MYSQL.isReadOnlyRefusal(1836)).isTrue();
        assertThat(Dialects.MARIADB.isReadOnlyRefusal(1142)).isFalse();
    }

    @Test
    void vendorsAreToldByTheirVersions() {
        assertThat(Dialects.of("11.4.5-MariaDB").name()).isEqualTo("MariaDB");
        assertThat(Dialects.of("5.5.5-10.11.19-MariaDB-0+deb12u1-log").name()).isEqualTo("MariaDB");
        assertThat(Dialects.of("8.4.3").name()).isEqualTo("MySQL");
    }

    @Test
    void mariaDbStatusIsRead() {
        NodeStatus status = Dialects.MARIADB.status(List.of(
                List.of(row(
                        "Master_Host",
                        "10.0.0.1",
                        "Master_Port",
                        "3306",
                        "Slave_IO_Running",
                        "Connecting",
                        "Slave_SQL_Running",
                        "Yes",
                        "Gtid_IO_Pos",
                        "0-1-9",
                        "Last_IO_Errno",
                        "2003",
                        "Last_IO_Error",
                        "error connecting",
                        "Last_SQL_Errno",
                        "0",
                        "Seconds_Behind_Master",
                        "4")),
                List.of(row(
                        "version",
                        "11.4.5-MariaDB",
                        "server_id",
                        "2",
                        "read_only",
                        "1",
                        "binlog_pos",
                        "0-1-7",
                        "slave_pos",
                        "0-1-7",
                        "binlog_state",
                        "0-2-3,0-1-7",
                        "as_source",
                        "0",
                        "as_replica",
                        "1")),
                List.of(
                        row("Variable_name", "Rpl_semi_sync_master_clients", "Value", "2"),
                        row("Variable_name", "Rpl_semi_sync_master_wait_sessions", "Value", "3")),
                List.of(row("receiving", "11", "applying", "12"))));
        assertThat(status.received().text()).isEqualTo("0-1-9");
        assertThat(status.applied().text()).isEqualTo("0-1-7");
        assertThat(status.history().recorded().text()).isEqualTo("0-1-7,0-2-3");
        assertThat(status.readOnly()).isTrue();
        assertThat(status.semiSync()).isEqualTo(new SemiSync(false, true, 2, 3));
        assertThat(status.receiver())
                .contains(new Receiver(
                        PLAIN.at(),
                        Receiver.Link.CONNECTING,
                        true,
                        Optional.of(new Receiver.Fault(2003, "error connecting")),
                        Optional.empty(),
                        new Receiver.Threads(11, 12),
                        Optional.of(Duration.ofSeconds(4))));
    }

    @Test
    void aReplicaThatHasReceivedNothingSinceItsStartHasReceivedWhatItApplied() {
        NodeStatus status = Dialects.MARIADB.status(List.of(
                List.of(row("Slave_IO_Running", "No", "Gtid_IO_Pos", "")),
                List.of(row("version", "11.4.5-MariaDB", "binlog_pos", "0-1-7", "slave_pos", "0-1-7")),
                List.of(),
                List.of(row("receiving", "0", "applying", "0"))));
        assertThat(status.received()).isEqualTo(status.applied());
        assertThat(status.receiver().orElseThrow().link()).isEqualTo(Receiver.Link.STOPPED);
    }

    @Test
    void mySqlStatusIsReadFromRowsAsDocumented() {
        String uuid = "aaaaaaaa-0000-0000-0000-00000000000a";
        NodeStatus status = Dialects.MYSQL.status(List.of(
                List.of(
                        row("Variable_name", "version", "Value", "8.4.3"),
                        row("Variable_name", "server_id", "Value", "2"),
                        row("Variable_name", "super_read_only", "Value", "ON"),
                        row("Variable_name", "gtid_executed", "Value", uuid + ":1-7"),
                        row("Variable_name", "rpl_semi_sync_replica_enabled", "Value", "ON")),
                List.of(row(
                        "Source_Host",
                        "10.0.0.1",
                        "Source_Port",
                        "3306",
                        "Replica_IO_Running",
                        "Yes",
                        "Replica_SQL_Running",
                        "Yes",
                        "Retrieved_Gtid_Set",
                        uuid + ":5-9",
                        "Seconds_Behind_Source",
                        null)),
                List.of()));
        assertThat(status.received().text()).isEqualTo(uuid + ":1-9");
        assertThat(status.applied().text()).isEqualTo(uuid + ":1-7");
        assertThat(status.readOnly()).isTrue();
        assertThat(status.semiSync()).isEqualTo(new SemiSync(false, true, 0, 0));
        assertThat(status.receiver().orElseThrow().behind()).isEmpty();
    }

    @Test
    void anAnswerThatIsNoneIsRefused() {
        for (Dialect dialect : List.of(Dialects.MARIADB, Dialects.MYSQL)) {
            assertThatThrownBy(() -> dialect.status(List.of(List.of(), List.of(), List.of(), List.of())))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static AccountPlan plan() {
        Map<Duty, Login> logins = new HashMap<>();
        for (Duty duty : Duty.values()) {
            logins.put(duty, new Login(duty.user(), LOGIN.password()));
        }
        return new AccountPlan(logins, "my_app", "10.0.0.%", true);
    }

    private static Row row(@Nullable String... pairs) {
        Map<String, @Nullable String> columns = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            columns.put(pairs[i], pairs[i + 1]);
        }
        return new Row(columns);
    }
}
