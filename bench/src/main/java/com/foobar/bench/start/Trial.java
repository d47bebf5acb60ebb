package com.foobar.bench.start;

import com.foobar.bench.ProcessUsage;
import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.account.Passwords;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** One program on three nodes and three voters with the defaults of the demo; asks for a write until one is acknowledged. */
final class Trial {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Between two attempts: who asks must not take the processors from who is asked. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    /** For the replicas to be taken in and the first garbage to be collected. */
    private static final Duration MOMENT = Duration.ofSeconds(2);

    private static final int CONNECT_MILLIS = 100;

    private final Path jar;
    private final Children children;
    private final List<Integer> nodes = FreePorts.block(3);
    private final Secret secret = Secret.parse("the-secret-of-the-bench-and-of-nobody-else");
    private final Path topology;

    Trial(Path jar, Path folder, Children children) throws IOException {
        this.jar = jar;
        this.children = children;
        List<Integer> others = FreePorts.block(8);
        this.topology = Files.writeString(
                folder.resolve("topology.yaml"),
                """
                site: www.foobar.com
                servers:
                  local:
                    address: 127.0.0.1
                    roles: [lb, webserver, appserver, database-cluster, database-cluster, database-cluster]
                lb: { http: %d }
                database-cluster: { port: %d, quorum-port: %d, keeper-port: %d, secret: %s }
                admin: { address: 127.0.0.1, port: %d }
                """
                        .formatted(
                                others.get(0),
                                nodes.get(0),
                                others.get(1),
                                others.get(4),
                                secret.reveal(),
                                others.get(7)));
    }

    /** @param state where data and the unpacked engine are, or will be when there is none yet */
    Took run(Recipe recipe, List<String> flags, Path state) {
        List<String> command = new ArrayList<>(Children.java(recipe.jdk()));
        command.addAll(flags);
        command.addAll(List.of(
                "-jar", jar.toString(), "--role", "db", "--conf", topology.toString(), "--data", state + "/data"));
        ProcessBuilder builder = new ProcessBuilder(command);
        String unused = builder.environment().put("XDG_CACHE_HOME", state + "/cache");
        long began = System.nanoTime();
        Child program = children.start("start", builder);
        Duration listening = null;
        while (System.nanoTime() - began < PATIENCE.toNanos() && program.isAlive()) {
            for (int node : nodes) {
                if (!listens(node)) {
                    continue;
                }
                listening = listening == null ? since(began) : listening;
                if (isWritten(node)) {
                    Duration writing = since(began);
                    Duration cpu = ProcessUsage.ofTree(program.pid()).cpu();
                    LockSupport.parkNanos(MOMENT.toNanos());
                    Took took = new Took(
                            listening,
                            writing,
                            cpu,
                            ProcessUsage.of(program.pid()).residentBytes(),
                            largestServer(program));
                    end(program);
                    return took;
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new IllegalStateException("no write within " + PATIENCE + "\n" + program.output());
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static void end(Child program) {
        program.signal(Signal.TERM);
        int unused = program.awaitExit(PATIENCE);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean isWritten(int port) {
        Login login = Passwords.derivedFrom(secret).of(Duty.SCHEMA);
        String address = "jdbc:mysql://127.0.0.1:" + port
                + "/app?sslMode=DISABLED&allowPublicKeyRetrieval=true&connectTimeout=1000&socketTimeout=10000";
        try (Connection connection = DriverManager.getConnection(
                        address, login.user(), login.password().reveal());
                Statement statement = connection.createStatement()) {
            try (ResultSet readOnly = statement.executeQuery("SELECT @@global.read_only")) {
                if (readOnly.next() && readOnly.getBoolean(1)) {
                    return false;
                }
            }
            boolean unused = statement.execute(
                    "CREATE TABLE IF NOT EXISTS started (id INT AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB");
            return statement.executeUpdate("INSERT INTO started VALUES (NULL)") == 1;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static long largestServer(Child program) {
        return ProcessHandle.of(program.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(process -> process.info()
                        .command()
                        .flatMap(command -> Optional.ofNullable(Path.of(command).getFileName()))
                        .filter(name -> name.toString().equals("mariadbd"))
                        .isPresent())
                .mapToLong(process -> ProcessUsage.of(process.pid()).residentBytes())
                .max()
                .orElse(0);
    }
}
