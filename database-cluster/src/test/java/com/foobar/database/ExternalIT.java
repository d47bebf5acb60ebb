package com.foobar.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Passwords;
import com.foobar.database.act.Bounds;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.act.Target;
import com.foobar.database.coordinator.Coordinator;
import com.foobar.database.coordinator.CoordinatorStatus;
import com.foobar.database.coordinator.Reply;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Row;
import com.foobar.database.dialect.Sql;
import com.foobar.database.embedded.Durability;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.value.ByteSize;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three servers that the test runs as their operator would, by the page that tells him how, and a keeper and a voter beside each. */
@Timeout(180)
class ExternalIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(1), Duration.ofSeconds(5));
    private static final Secret SECRET = Secret.parse("the secret of three machines");
    private static final Path PAGE = Path.of("..", "docs", "DATABASE.md");

    private final List<Integer> ports = FreePorts.block(12);
    private final List<Cluster> machines = new ArrayList<>();
    private TestCluster ground;

    @BeforeEach
    void emptyDataOnThreeMachines() throws Exception {
        ground = new TestCluster();
        for (int machine = 1; machine <= 3; machine++) {
            ground.provision(machine);
            Files.writeString(tail(machine), "");
            Files.writeString(options(machine), optionFile(machine));
        }
    }

    @AfterEach
    void nothingLeft() throws Exception {
        machines.parallelStream().forEach(Cluster::close);
        for (int machine = 1; machine <= 3; machine++) {
            process(machine).ifPresent(ProcessHandle::destroyForcibly);
        }
        ground.close();
    }

    @Test
    void foundedWrittenSwitchedOverKilledAndNothingIsLost() throws Exception {
        withoutAccounts();
        awaitEnd(1);
        run(1, "");
        Await.until("it listens", SOON, () -> {
            try (Socket socket = new Socket("127.0.0.1", at(0).port())) {
                return socket.isConnected() && Files.exists(pid(1));
            } catch (IOException e) {
                return false;
            }
        });
        withoutAccounts();
        assertThat(process(1).orElseThrow().isAlive())
                .as("started by its operator")
                .isTrue();
        for (int machine = 1; machine <= 3; machine++) {
            byHand(machine, "--init-file='" + accounts(1) + "'");
        }
        for (int machine = 1; machine <= 3; machine++) {
            machines.add(new Cluster(plan(machine), Metrics.create(), TestCluster.TIME));
        }
        machines.parallelStream().forEach(one -> {
            try {
                one.start();
            } catch (StartFailure e) {
                throw new AssertionError(e.getMessage() + "; " + e.cure(), e);
            }
        });
        ClusterRecord founded = awaitWhole(record -> true);
        ask(founded.primary(), Duty.SCHEMA, "CREATE TABLE t (id INT PRIMARY KEY)");
        ask(founded.primary(), Duty.APPLICATION, "INSERT INTO t VALUES (1)");

        Reply moved = leader().orElseThrow().switchover(null, false).get(20, TimeUnit.SECONDS);
        assertThat(moved.done()).as(moved.sentence()).isTrue();
        ClusterRecord second = awaitWhole(record -> !record.primary().equals(founded.primary()));
        ask(second.primary(), Duty.APPLICATION, "INSERT INTO t VALUES (2)");

        long killed = System.nanoTime();
        assertThat(process(number(second.primary())).orElseThrow().destroyForcibly())
                .isTrue();
        NodeName third = Await.until(
                "another takes a write",
                SOON,
                () -> leader().map(Coordinator::status)
                        .filter(CoordinatorStatus::isInOffice)
                        .map(status -> Objects.requireNonNull(status.record()).primary())
                        .filter(primary -> !primary.equals(second.primary()))
                        .filter(primary -> took(primary, "INSERT INTO t VALUES (3)"))
                        .orElse(null),
                Objects::nonNull);
        System.out.printf(
                "engine external, kill -9 to the next write: %d ms%n", (System.nanoTime() - killed) / 1_000_000);
        // The keeper has it started by the operator's command, with its tail cut off, and it follows.
        ClusterRecord whole = awaitWhole(record -> record.primary().equals(third));
        assertThat(whole.epoch()).isEqualTo(second.epoch().next());
        for (int machine = 1; machine <= 3; machine++) {
            NodeName node = new NodeName("db" + machine);
            Await.until(
                    node + " has all",
                    SOON,
                    () -> ask(node, Duty.READER, "SELECT id FROM t").size() == 3);
        }
        Reply anew = leader().orElseThrow().anew(second.primary(), false).get(30, TimeUnit.SECONDS);
        assertThat(anew.sentence()).contains("its data is its operator's");
        ClusterRecord afterwards = awaitWhole(record -> record.primary().equals(third));
        assertThat(afterwards.ackers()).containsKey(second.primary());
    }

    /** Started by the keeper, or by hand before: it says which file to load. */
    private void withoutAccounts() {
        Cluster tooEarly = new Cluster(plan(1), Metrics.create(), TestCluster.TIME);
        StartFailure refused = catchThrowableOfType(StartFailure.class, tooEarly::start);
        assertThat(refused).hasMessageContaining("connecting as foobar_coordinator");
        assertThat(refused.cure()).contains(accounts(1).toString());
    }

    private Optional<Coordinator> leader() {
        return machines.stream().flatMap(one -> one.leader().stream()).findFirst();
    }

    private ClusterRecord awaitWhole(java.util.function.Predicate<ClusterRecord> wanted) {
        return Objects.requireNonNull(Await.until(
                "all are in their places",
                SOON,
                () -> leader().map(Coordinator::status)
                        .filter(CoordinatorStatus::isInOffice)
                        .filter(ExternalIT::allFollow)
                        .map(CoordinatorStatus::record)
                        .filter(wanted)
                        .orElse(null),
                Objects::nonNull));
    }

    private static boolean allFollow(CoordinatorStatus status) {
        return Objects.requireNonNull(status.record()).ackers().size() == 2
                && status.view().nodes().values().stream()
                                .filter(view -> view.state() != null
                                        && Objects.requireNonNull(view.state())
                                                        .receiver()
                                                        .state()
                                                == com.foobar.database.model.Receiver.State.RUNNING)
                                .count()
                        == 2;
    }

    private boolean took(NodeName node, String sql) {
        try (NodeSession session = NodeSession.open(target(node, Duty.APPLICATION), BOUNDS, TestCluster.SCHEMA)) {
            List<Row> unused = session.ask(Sql.of(sql), BOUNDS.answer());
            return true;
        } catch (NodeFailure e) {
            return false;
        }
    }

    private List<Row> ask(NodeName node, Duty duty, String sql) {
        try (NodeSession session = NodeSession.open(target(node, duty), BOUNDS, TestCluster.SCHEMA)) {
            return session.ask(Sql.of(sql), BOUNDS.answer());
        } catch (NodeFailure e) {
            throw new AssertionError(e);
        }
    }

    private Target target(NodeName node, Duty duty) {
        return new Target(
                at(number(node) - 1),
                Dialects.MARIADB,
                Passwords.derivedFrom(SECRET).of(duty),
                Optional.empty());
    }

    private static int number(NodeName node) {
        return Integer.parseInt(node.text().substring(2));
    }

    private Path root(int machine) {
        return ground.folder(machine).root();
    }

    private Path options(int machine) {
        return root(machine).resolve("operator.cnf");
    }

    private Path tail(int machine) {
        return root(machine).resolve("tail.cnf");
    }

    private Path pid(int machine) {
        return root(machine).resolve("mysqld.pid");
    }

    private Path accounts(int machine) {
        return plan(machine).folder().resolve("db" + machine).resolve("accounts.sql");
    }

    private Optional<ProcessHandle> process(int machine) throws Exception {
        return Files.exists(pid(machine))
                ? ProcessHandle.of(Long.parseLong(Files.readString(pid(machine)).strip()))
                : Optional.empty();
    }

    /** As the page has it, with this machine's values; and what a package's own file would say of an installation. */
    private String optionFile(int machine) throws Exception {
        Matcher block = Pattern.compile("(?s)```ini\n(.*?)```").matcher(Files.readString(PAGE));
        assertThat(block.find()).as("an option file in " + PAGE).isTrue();
        Map<String, String> own = Map.of(
                "server_id",
                Integer.toString(machine),
                "bind_address",
                "127.0.0.1",
                "port",
                Integer.toString(at(machine - 1).port()),
                "pid_file",
                pid(machine).toString());
        String text = block.group(1);
        for (Map.Entry<String, String> one : own.entrySet()) {
            text = text.replaceFirst("(?m)^" + one.getKey() + "=.*$", one.getKey() + "=" + one.getValue());
        }
        String installed = String.join(
                "\n",
                "[mariadbd]",
                "basedir=" + ground.engine().base(),
                "lc-messages-dir=" + ground.engine().messages(),
                "character-sets-dir=" + ground.engine().charsets(),
                "datadir=" + ground.folder(machine).data(),
                "socket=/tmp/foobar-external-" + at(machine - 1).port() + ".sock",
                "log-error=" + root(machine).resolve("error.log"),
                "user=" + System.getProperty("user.name"),
                "skip-ssl",
                "innodb-buffer-pool-size=16M",
                "innodb-undo-tablespaces=0",
                "innodb-data-file-path=ibdata1:4M:autoextend",
                "innodb-temp-data-file-path=ibtmp1:4M:autoextend",
                "");
        return installed + text.replaceFirst("(?m)^!include .*$", "!include " + tail(machine));
    }

    private String command(int machine, String more) throws Exception {
        return "setsid " + ground.engine().server() + " --defaults-file='" + options(machine) + "' " + more
                + " </dev/null >/dev/null 2>&1 &";
    }

    private void run(int machine, String more) throws Exception {
        assertThat(new ProcessBuilder("/bin/sh", "-c", command(machine, more))
                        .start()
                        .waitFor())
                .isZero();
    }

    private void awaitEnd(int machine) {
        Await.until("none runs", SOON, () -> {
            try {
                return process(machine).filter(ProcessHandle::isAlive).isEmpty();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private void byHand(int machine, String more) throws Exception {
        process(machine).ifPresent(ProcessHandle::destroyForcibly);
        awaitEnd(machine);
        run(machine, more);
        NodeName node = new NodeName("db" + machine);
        Await.until(node + " lets us in", SOON, () -> {
            try (NodeSession session = NodeSession.open(target(node, Duty.COORDINATOR), BOUNDS)) {
                return session.status().readOnly();
            } catch (NodeFailure e) {
                return false;
            }
        });
    }

    private HostPort at(int index) {
        return new HostPort("127.0.0.1", ports.get(index));
    }

    private DatabasePlan plan(int machine) {
        TreeMap<NodeName, DatabasePlan.Member> nodes = new TreeMap<>();
        Map<String, HostPort> voters = new TreeMap<>();
        List<HostPort> doors = new ArrayList<>();
        for (int node = 1; node <= 3; node++) {
            HostPort door = at(5 + node);
            nodes.put(
                    new NodeName("db" + node),
                    new DatabasePlan.Member(
                            node, at(node - 1), node == machine ? Optional.empty() : Optional.of(door)));
            voters.put("voter" + node, at(2 + node));
            if (node != machine) {
                doors.add(door);
            }
        }
        Path data = ground.root().resolve("p" + machine);
        return new DatabasePlan(
                "p" + machine,
                "shop",
                nodes,
                voters,
                Set.of("voter" + machine),
                Optional.of(at(5 + machine)),
                doors,
                new DatabasePlan.Places(data, ground.cache(), List.of(), List.of()),
                settings(machine));
    }

    private DatabaseSettings settings(int machine) {
        Policy policy = Policy.DEFAULT;
        String start;
        try {
            start = command(machine, "");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return new DatabaseSettings(
                "shop",
                DatabaseSettings.Kind.EXTERNAL,
                new ServiceSettings(
                        List.of("/bin/sh", "-c", start),
                        List.of(),
                        List.of(),
                        pid(machine),
                        Optional.of(tail(machine)),
                        Duration.ofSeconds(30)),
                33061,
                33161,
                33261,
                Optional.empty(),
                Optional.empty(),
                Optional.of(SECRET),
                Optional.empty(),
                TestCluster.SCHEMA,
                Optional.of(policy.mode()),
                Durability.DURABLE,
                ByteSize.parse("16MiB"),
                120,
                policy.suspicion(),
                policy.patience(),
                policy.minimumInterval(),
                policy.keeperLease(),
                policy.lagLimit(),
                policy.validity(),
                Map.of(),
                new LogSettings(Duration.ofDays(3)));
    }
}
