package com.foobar.database.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.act.NodeFailure.Kind;
import com.foobar.database.dialect.Dialects;
import com.foobar.kernel.value.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each account may do, and above all may not, on a primary (1) and a replica (2). */
class AccountsIT {

    private static TestCluster cluster;

    @BeforeAll
    static void aPrimaryAndAReplica() throws Exception {
        cluster = new TestCluster();
        cluster.startAll(1, 2);
        cluster.ask(1, Duty.SCHEMA, "CREATE TABLE t (id INT PRIMARY KEY)");
        cluster.ask(1, Duty.APPLICATION, "INSERT INTO t VALUES (1)");
        cluster.awaitCaughtUp(2, 1);
    }

    @AfterAll
    static void nothingLeft() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest(name = "{1} on node {0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "1|APPLICATION|INSERT INTO t VALUES (10)",
                "1|APPLICATION|UPDATE t SET id = 11 WHERE id = 10",
                "2|APPLICATION|SELECT * FROM t",
                "1|APPLICATION|CREATE TEMPORARY TABLE mine (id INT)",
                "2|READER|SELECT * FROM t",
                "1|SCHEMA|ALTER TABLE t ADD COLUMN IF NOT EXISTS name VARCHAR(10)",
                "1|MONITOR|SHOW BINARY LOGS",
                "2|MONITOR|SHOW SLAVE STATUS",
                "2|COORDINATOR|SHOW PROCESSLIST",
                "1|BACKUP|SELECT * FROM t",
                "1|REPLICATION|SELECT 1"
            })
    void may(int node, Duty who, String sql) throws Exception {
        assertThat(as(node, who, sql)).isNotNull();
    }

    @ParameterizedTest(name = "{1} on node {0}: {2} is {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "2|APPLICATION|INSERT INTO t VALUES (20)|READ_ONLY|1290",
                "2|SCHEMA|CREATE TABLE more (id INT)|READ_ONLY|1290",
                "1|APPLICATION|CREATE TABLE more (id INT)|NOT_PERMITTED|1142",
                "1|APPLICATION|DROP TABLE t|NOT_PERMITTED|1142",
                "1|APPLICATION|SELECT * FROM mysql.global_priv|NOT_PERMITTED|1142",
                "2|APPLICATION|SET GLOBAL read_only = 0|NOT_PERMITTED|1227",
                "1|APPLICATION|SET SESSION sql_log_bin = 0|NOT_PERMITTED|1227",
                "1|READER|INSERT INTO t VALUES (20)|NOT_PERMITTED|1142",
                "1|READER|DELETE FROM t|NOT_PERMITTED|1142",
                "1|SCHEMA|SET GLOBAL read_only = 1|NOT_PERMITTED|1227",
                "1|SCHEMA|CREATE DATABASE mine|NOT_PERMITTED|1044",
                "1|MONITOR|SELECT * FROM app.t|NOT_PERMITTED|1142",
                "2|MONITOR|STOP SLAVE|NOT_PERMITTED|1227",
                "1|COORDINATOR|SELECT * FROM app.t|NOT_PERMITTED|1142",
                "2|COORDINATOR|INSERT INTO app.t VALUES (20)|NOT_PERMITTED|1142",
                "1|COORDINATOR|GRANT ALL ON *.* TO foobar_app|NOT_PERMITTED|1045",
                "1|BACKUP|INSERT INTO t VALUES (20)|NOT_PERMITTED|1142",
                "1|BACKUP|SELECT * FROM mysql.global_priv|NOT_PERMITTED|1142",
                "1|REPLICATION|SELECT * FROM app.t|NOT_PERMITTED|1142",
                "1|REPLICATION|SHOW GRANTS FOR foobar_coordinator|NOT_PERMITTED|1044"
            })
    void mayNot(int node, Duty who, String sql, Kind kind, int code) {
        NodeFailure refused = catchThrowableOfType(NodeFailure.class, () -> as(node, who, sql));
        assertThat(refused).isNotNull();
        assertThat(refused.code()).as(refused.getMessage()).isEqualTo(code);
        assertThat(refused.kind() == kind || (code == 1045 && refused.kind() == Kind.DENIED))
                .isTrue();
    }

    @Test
    void nobodyElseGetsIn() {
        for (Login stranger : List.of(
                new Login("root", Secret.parse("password")),
                new Login("root", cluster.passwords.of(Duty.COORDINATOR).password()),
                new Login("nobody", Secret.parse("password")),
                new Login(Duty.APPLICATION.user(), Secret.parse("password")))) {
            NodeFailure refused = catchThrowableOfType(
                    NodeFailure.class,
                    () -> NodeSession.open(
                            new Target(cluster.at(1), Dialects.MARIADB, stranger, Optional.empty()),
                            TestCluster.BOUNDS));
            assertThat(refused).as(stranger.user()).isNotNull();
            assertThat(refused.kind()).isEqualTo(Kind.DENIED);
        }
    }

    @Test
    void passwordsAreInTheirOwnFilesOnly() throws Exception {
        for (Duty duty : Duty.values()) {
            String password = cluster.passwords.of(duty).password().reveal();
            List<String> places = filesWith(password);
            // A replica must know its source's password, and the server keeps it so.
            places.remove("n2/data/master.info");
            assertThat(places).as(duty.toString()).singleElement().asString().startsWith("passwords/");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(cluster.root().resolve(places.get(0)))))
                    .isEqualTo("rw-------");
        }
        assertThat(cluster.folder(1).root().resolve("accounts.sql")).doesNotExist();
    }

    private static Object as(int node, Duty who, String sql) throws NodeFailure {
        if (who == Duty.COORDINATOR) {
            try (NodeSession session = cluster.coordinator(node)) {
                return session.ask(com.foobar.database.dialect.Sql.of(sql), TestCluster.BOUNDS.answer());
            }
        }
        return cluster.ask(node, who, sql);
    }

    private static List<String> filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.walk(cluster.root())) {
            return new java.util.ArrayList<>(files.filter(Files::isRegularFile)
                    .filter(file -> read(file).contains(text))
                    .map(file -> cluster.root().relativize(file).toString())
                    .toList());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
