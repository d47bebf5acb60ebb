package com.foobar.bench;

import com.foobar.bench.page.Row;
import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.account.Passwords;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The database server that every application server of a measurement asks: a cluster of one node in a process of its own, one table, rows
 * that fit into its memory.
 *
 * @param admin where foobar's application servers hear of the cluster
 * @param secret of which its passwords are made
 */
record Database(HostPort node, HostPort admin, Secret secret) {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String SCHEMA = "app";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS_PER_STATEMENT = 100;

    /** @param jar the launcher's */
    static Database start(Path folder, Path jar, Children children) {
        List<Integer> ports = FreePorts.block(7);
        Database database = new Database(
                new HostPort(LOOPBACK, ports.get(0)),
                new HostPort(LOOPBACK, ports.get(3)),
                Secret.parse("the-secret-of-the-bench-and-of-nobody-else"));
        Path topology = Bed.write(folder.resolve("topology.yaml"), database.topology(ports));
        Child child = children.start(
                "database",
                Children.java(
                        "-jar",
                        jar.toString(),
                        "--role",
                        "db",
                        "--conf",
                        topology.toString(),
                        "--data",
                        folder.resolve("data").toString()));
        database.fill(child);
        return database;
    }

    /** Available: alone it would wait for an acknowledgement that nobody can give. */
    private String topology(List<Integer> ports) {
        return """
                site: %s
                servers:
                  local: { address: 127.0.0.1, roles: [lb, webserver, appserver, database-cluster] }
                lb: { http: %d }
                database-cluster:
                  { port: %d, quorum-port: %d, keeper-port: %d, secret: %s, mode: available, durability: demo }
                admin: { address: 127.0.0.1, port: %d }
                """
                .formatted(
                        Bed.SITE, ports.get(4), node.port(), ports.get(1), ports.get(2), secret.reveal(), admin.port());
    }

    /** For Connector/J, without credentials. */
    String address() {
        return "jdbc:mysql://" + node + "/" + SCHEMA + "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
    }

    Login login() {
        return login(Duty.APPLICATION);
    }

    private Login login(Duty duty) {
        return Passwords.derivedFrom(secret).of(duty);
    }

    private void fill(Child child) {
        long began = System.nanoTime();
        while (true) {
            try (Connection connection = DriverManager.getConnection(
                            address(),
                            login(Duty.SCHEMA).user(),
                            login(Duty.SCHEMA).password().reveal());
                    Statement statement = connection.createStatement()) {
                for (String sql : table()) {
                    boolean unused = statement.execute(sql);
                }
                return;
            } catch (SQLException e) {
                if (!child.isAlive() || System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw new IllegalStateException("no database for the bench: " + e + "\n" + child.output(), e);
                }
                Thread.onSpinWait();
            }
        }
    }

    private static List<String> table() {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TABLE IF NOT EXISTS " + Row.TABLE
                + " (id INT PRIMARY KEY, text VARCHAR(200) NOT NULL) ENGINE=InnoDB");
        for (int first = 1; first <= Row.ROWS; first += ROWS_PER_STATEMENT) {
            statements.add(IntStream.range(first, first + ROWS_PER_STATEMENT)
                    .mapToObj(id -> "(" + id + ", 'row " + id + " of the bench, about as long as a short message')")
                    .collect(Collectors.joining(", ", "INSERT IGNORE INTO " + Row.TABLE + " VALUES ", "")));
        }
        return statements;
    }
}
