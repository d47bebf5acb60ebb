package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.appserver.data.Accounts;
import com.foobar.appserver.data.RoutingDataSource;
import com.foobar.database.account.Duty;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.dialect.Row;
import com.foobar.testkit.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three machines with database-cluster.tls: everything between them and to their clients is encrypted and verified. */
@Timeout(300)
class TlsClusterIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Several times what a member needs to be let in. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(6);

    @TempDir
    Path folder;

    private SecureMachines machines;

    @BeforeEach
    void make() throws Exception {
        machines = new SecureMachines(folder);
    }

    @AfterEach
    void stop() {
        machines.close();
    }

    @Test
    void aClusterWithCertificatesIsFoundedServesFailsOverAndLetsNoStrangerIn() throws Exception {
        machines.startAll("ours");
        machines.awaitFollowers(2);
        try (RoutingDataSource database = machines.dataSource(machines.accounts("ours"))) {
            write(database.schema(), "CREATE TABLE t (id INT PRIMARY KEY)");
            write(database, "INSERT INTO t VALUES (1)");
            assertThat(cipher(database)).isNotEmpty();
            assertThat(cipher(database.replica())).isNotEmpty();
            channelsAreEncrypted();
            plainClientsAreRefused();
            serversOfAnotherAuthorityAreRefused();
            assertThat(machines.backup()).contains("verified by a restore: 1 tables, 1 rows");
            aStrangerIsNotLetIn();
            thePrimaryDies(database);
        }
    }

    /** The middle of the three rounds that docs/DATABASE.md prescribes, where machines of both authorities meet. */
    @Test
    void aNewAuthorityTakesOverOneMachineAfterTheOther() throws Exception {
        String before = "ours" + SecureMachines.TRUSTING_BOTH;
        String after = "theirs" + SecureMachines.TRUSTING_BOTH;
        machines.startAll(before);
        machines.awaitFollowers(2);
        try (RoutingDataSource database = machines.dataSource(before, machines.accounts(before))) {
            write(database.schema(), "CREATE TABLE t (id INT PRIMARY KEY)");
            for (int machine = 1; machine <= 3; machine++) {
                int id = machine;
                machines.stop(machine);
                Await.until("written while it is away", SOON, () -> isWritten(database, id));
                machines.start(machine, after);
                machines.awaitFollowers(2);
                Await.until("written with it", SOON, () -> isWritten(database, 10 + id));
            }
            for (String node : List.of("db1", "db2", "db3")) {
                Await.until(node + " has all of it", SOON, () -> rows(node), rows -> rows.equals("6"));
            }
        }
        assertThatThrownBy(() -> machines.ask("db1", Duty.READER, machines.trust("ours"), "SELECT 1"))
                .hasRootCauseInstanceOf(java.security.cert.CertPathValidatorException.class);
    }

    private String rows(String node) {
        try {
            return machines.ask(node, Duty.READER, machines.trust("theirs"), "SELECT COUNT(*) AS kept FROM t")
                    .get(0)
                    .get("kept")
                    .orElseThrow();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void channelsAreEncrypted() throws Exception {
        String primary = machines.primary();
        for (String node : List.of("db1", "db2", "db3")) {
            List<Row> channel = machines.ask(node, Duty.COORDINATOR, "SHOW SLAVE STATUS");
            if (node.equals(primary)) {
                assertThat(channel).isEmpty();
                continue;
            }
            Row status = channel.get(0);
            assertThat(status.get("Slave_IO_Running").orElseThrow()).isEqualTo("Yes");
            assertThat(status.get("Master_SSL_Allowed").orElseThrow()).isEqualTo("Yes");
            assertThat(status.get("Master_SSL_Verify_Server_Cert").orElseThrow())
                    .isEqualTo("Yes");
            assertThat(status.get("Master_SSL_CA_File").orElseThrow()).endsWith("ca.pem");
        }
        // As no account and no port of theirs takes anything else, what runs is encrypted.
        assertThat(machines.ask(
                                primary,
                                Duty.COORDINATOR,
                                "SELECT COUNT(*) AS dumps FROM information_schema.PROCESSLIST WHERE COMMAND='Binlog Dump'")
                        .get(0)
                        .get("dumps")
                        .orElseThrow())
                .isEqualTo("2");
        assertThat(machines.ask(primary, Duty.COORDINATOR, "SELECT @@require_secure_transport AS demanded")
                        .get(0)
                        .get("demanded")
                        .orElseThrow())
                .isEqualTo("1");
    }

    private void plainClientsAreRefused() throws Exception {
        for (Duty duty : Duty.values()) {
            assertThatThrownBy(() -> machines.ask("db1", duty, Optional.empty(), "SELECT 1"))
                    .as("%s without TLS", duty)
                    .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(NodeFailure.Kind.DENIED));
        }
        Accounts plain = machines.accountsWithoutTls();
        try (RoutingDataSource database = machines.dataSource(plain)) {
            assertThatThrownBy(() -> write(database, "INSERT INTO t VALUES (9)"))
                    .isInstanceOf(SQLException.class);
        }
    }

    private void serversOfAnotherAuthorityAreRefused() throws Exception {
        assertThatThrownBy(() -> machines.ask("db1", Duty.READER, machines.trust("theirs"), "SELECT 1"))
                .isInstanceOf(NodeFailure.class)
                .hasRootCauseInstanceOf(java.security.cert.CertPathValidatorException.class);
        try (RoutingDataSource database = machines.dataSource(machines.accounts("theirs"))) {
            assertThatThrownBy(() -> write(database, "INSERT INTO t VALUES (9)"))
                    .isInstanceOf(SQLException.class);
        }
    }

    /** All its keys are right but for the certificate: voter, keeper and server of it stay outside. */
    private void aStrangerIsNotLetIn() throws Exception {
        int third = machines.without(machines.primary());
        machines.stop(third);
        machines.awaitFollowers(1);
        machines.start(third, "theirs");
        long began = System.nanoTime();
        while (System.nanoTime() - began < LONG_ENOUGH.toNanos()) {
            assertThat(machines.isLedBy(third)).isFalse();
            assertThat(machines.knowsALeader(third)).isFalse();
            assertThat(machines.followers()).isLessThanOrEqualTo(1);
            assertThat(machines.isReached(third)).isFalse();
            Thread.onSpinWait();
        }
        machines.stop(third);
        machines.start(third, "ours");
        machines.awaitFollowers(2);
        Await.until("it knows who leads", SOON, () -> machines.isLedBy(third) || machines.knowsALeader(third));
    }

    private void thePrimaryDies(RoutingDataSource database) throws Exception {
        String before = machines.primary();
        long epoch = machines.epoch();
        long killed = System.nanoTime();
        assertThat(machines.server(before).destroyForcibly()).isTrue();
        Await.until("a write is acknowledged again", SOON, () -> isWritten(database, 2));
        System.out.printf(
                "TLS: %s killed, a write by the DataSource acknowledged after %d ms by %s%n",
                before, Duration.ofNanos(System.nanoTime() - killed).toMillis(), machines.primary());
        // Not that it is another: on a loaded machine the next failover may come, and go back.
        assertThat(machines.epoch()).isGreaterThan(epoch);
        machines.awaitFollowers(2);
        assertThat(machines.ask(before, Duty.READER, "SELECT COUNT(*) AS rows_kept FROM t WHERE id IN (1, 2)")
                        .get(0)
                        .get("rows_kept")
                        .orElseThrow())
                .isEqualTo("2");
    }

    private static boolean isWritten(RoutingDataSource database, int id) {
        try {
            write(database, "INSERT IGNORE INTO t VALUES (" + id + ")");
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static void write(DataSource to, String sql) throws SQLException {
        try (Connection connection = to.getConnection();
                Statement statement = connection.createStatement()) {
            int unused = statement.executeUpdate(sql);
        }
    }

    private static String cipher(DataSource at) throws SQLException {
        try (Connection connection = at.getConnection();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'")) {
            assertThat(answer.next()).isTrue();
            return answer.getString(2);
        }
    }
}
