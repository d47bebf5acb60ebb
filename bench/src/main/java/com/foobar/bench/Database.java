package com.foobar.bench;

import com.foobar.bench.page.Row;
import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.account.Passwords;
import com.foobar.database.dialect.AccountPlan;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Sql;
import com.foobar.database.embedded.Durability;
import com.foobar.database.embedded.Engine;
import com.foobar.database.embedded.EngineSearch;
import com.foobar.database.embedded.NodeFolder;
import com.foobar.database.embedded.NodeIdentity;
import com.foobar.database.embedded.NodeLaunch;
import com.foobar.database.embedded.NodeProcess;
import com.foobar.database.embedded.NodeSettings;
import com.foobar.database.embedded.Provisioning;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.FreePorts;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The database server that every application server of a measurement asks: one node, one table, rows that fit into its memory. */
final class Database implements AutoCloseable {

    /**
     * Where its program comes from.
     *
     * @param bundles the folder with the archive that foobar ships
     * @param cache where that is unpacked to and stays
     */
    record Engines(Path bundles, Path cache) {}

    private static final String SCHEMA = "bench";
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS_PER_STATEMENT = 100;

    private final NodeProcess node;
    private final Login login;
    private final Thread atExit;

    private Database(NodeProcess node, Login login) {
        this.node = node;
        this.login = login;
        this.atExit = new Thread(node::close, "database at exit");
        // It would outlive an interrupted measurement.
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static Database start(Path root, Engines engines, Time time) {
        try {
            Engine engine = new EngineSearch(Optional.empty(), List.of(), List.of(engines.bundles()))
                    .find(engines.cache(), "launcher/target/lib/db", time);
            Passwords passwords = Passwords.in(root.resolve("passwords"), new SecureRandom());
            String cluster = UUID.randomUUID().toString();
            NodeFolder folder = NodeFolder.at(root.resolve("node"));
            Provisioning.fromTemplate(
                    engine, engines.cache(), folder, new NodeIdentity(cluster, "db1", engine.version()), time);
            NodeLaunch launch = new NodeLaunch(
                    engine,
                    folder,
                    NodeSettings.small(1, new HostPort(LOOPBACK, FreePorts.one()), Durability.DEMO),
                    cluster,
                    preparation(passwords),
                    "the bench's own port",
                    PATIENCE);
            return new Database(NodeProcess.start(launch, time), passwords.of(Duty.APPLICATION));
        } catch (StartFailure e) {
            throw new IllegalStateException("no database for the bench: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the bench's database was starting", e);
        }
    }

    /** For Connector/J, without credentials. */
    String address() {
        return "jdbc:mysql://" + node.at() + "/" + SCHEMA + "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
    }

    Login login() {
        return login;
    }

    @Override
    public void close() {
        boolean unused = Runtime.getRuntime().removeShutdownHook(atExit);
        node.close();
    }

    /** Run by the server itself before it lets anybody in: as a replica without a source it takes no other write. */
    private static List<Sql> preparation(Passwords passwords) {
        Map<Duty, Login> logins = new EnumMap<>(Duty.class);
        for (Duty duty : Duty.values()) {
            logins.put(duty, passwords.of(duty));
        }
        List<Sql> statements =
                new ArrayList<>(Dialects.MARIADB.accounts(new AccountPlan(logins, SCHEMA, LOOPBACK, false)));
        statements.addAll(table(SCHEMA + "."));
        return statements;
    }

    /** @param prefix a schema and a dot, where the connection has no schema of its own */
    static List<Sql> table(String prefix) {
        String table = prefix + Row.TABLE;
        List<Sql> statements = new ArrayList<>();
        statements.add(Sql.of("CREATE TABLE IF NOT EXISTS " + table
                + " (id INT PRIMARY KEY, text VARCHAR(200) NOT NULL) ENGINE=InnoDB"));
        for (int first = 1; first <= Row.ROWS; first += ROWS_PER_STATEMENT) {
            statements.add(Sql.of(IntStream.range(first, first + ROWS_PER_STATEMENT)
                    .mapToObj(id -> "(" + id + ", 'row " + id + " of the bench, about as long as a short message')")
                    .collect(Collectors.joining(", ", "INSERT IGNORE INTO " + table + " VALUES ", ""))));
        }
        return statements;
    }
}
