package com.foobar.database;

import static org.assertj.core.api.Assertions.assertThat;

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
import com.foobar.database.model.Epoch;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.database.storage.FolderSync;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.value.ByteSize;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The role as the launcher starts it. */
@Timeout(120)
class ClusterIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(1), Duration.ofSeconds(2));
    private static final Policy POLICY = Policy.DEFAULT;

    private final List<Cluster> open = new ArrayList<>();
    private final List<Integer> ports = FreePorts.block(12);
    private Path root;

    @BeforeEach
    void folder() throws Exception {
        root = TestCluster.work("role");
    }

    @AfterEach
    void nothingLeft() throws Exception {
        open.parallelStream().forEach(Cluster::close);
        FolderSync.delete(root);
    }

    @Test
    void aWholeClusterInOneProcessBeginsStopsInOrderAndBeginsQuicklyAgain() throws Exception {
        DatabasePlan plan = plan("whole", Set.of(1, 2, 3), Set.of(1));
        Metrics metrics = Metrics.create();
        long began = System.nanoTime();
        Cluster first = started(plan, metrics);
        int primary = awaitWrite(first, plan, "CREATE TABLE t (id INT PRIMARY KEY)");
        System.out.println("first start of the role to the first acknowledged write: " + millis(began) + " ms");
        assertThat(awaitReady(first)).contains("is primary in epoch 1");
        Await.until("both follow", SOON, () -> followers(first) == 2);
        assertThat(scraped(metrics)).contains("foobar_database_role{node=\"db" + primary + "\",role=\"primary\"} 1");

        long closing = System.nanoTime();
        first.close();
        System.out.println("closed in order: " + millis(closing) + " ms");

        began = System.nanoTime();
        Cluster second = started(plan, Metrics.create());
        int again = awaitWrite(second, plan, "INSERT INTO t VALUES (1)");
        System.out.println("second start to the first acknowledged write: " + millis(began) + " ms");
        // Closed in order: nobody had to be deposed.
        assertThat(again).isEqualTo(primary);
        assertThat(status(second).record())
                .satisfies(record -> assertThat(record.epoch().number()).isEqualTo(1));
        Await.until("both follow", SOON, () -> followers(second) == 2);
    }

    @Test
    void threeProcessesAgreeOverTheirDoorsAndOneThatLeavesHandsItsPrimaryOver() throws Exception {
        List<Cluster> machines = threeMachines();
        Cluster leader = awaitWhole(machines);
        machines.forEach(one -> assertThat(awaitReady(one)).isNotEmpty());
        int primary = awaitWrite(leader, plan(1), "CREATE TABLE t (id INT PRIMARY KEY)");
        Cluster old = machine(machines, primary);
        old.drain(Duration.ofSeconds(10));
        old.close();
        Cluster next = awaitAnother(machines, primary);
        assertThat(awaitWrite(next, plan(1), "INSERT INTO t VALUES (1)")).isNotEqualTo(primary);
    }

    /** The coordinator that leads is in another program: it learns of the wish by its looks, over the lines that there are. */
    @Test
    void aPrimaryThatLeavesIsHandedOverByALeaderElsewhereBeforeItStops() throws Exception {
        List<Cluster> machines = threeMachines();
        int primary = awaitWrite(awaitWhole(machines), plan(1), "CREATE TABLE t (id INT PRIMARY KEY)");
        Cluster leader = awaitWhole(machines);
        if (leader == machine(machines, primary)) {
            Reply moved = leader.leader().orElseThrow().switchover(null, false).get(20, TimeUnit.SECONDS);
            assertThat(moved.done()).as(moved.sentence()).isTrue();
            leader = awaitWhole(machines);
            primary = reigns(leader);
        }
        Cluster old = machine(machines, primary);
        assertThat(old).as("led from elsewhere").isNotSameAs(leader);
        Epoch before = Objects.requireNonNull(status(leader).record()).epoch();

        long began = System.nanoTime();
        Reply drained = old.drain(new NodeName("db" + primary), true);
        System.out.println("handed over by a leader elsewhere: " + millis(began) + " ms");
        assertThat(drained.done()).as(drained.sentence()).isTrue();
        Cluster next = awaitAnother(machines, primary);
        assertThat(Objects.requireNonNull(status(next).record()).epoch())
                .as("one change, no failover after it")
                .isEqualTo(before.next());
        assertThat(awaitWrite(next, plan(1), "INSERT INTO t VALUES (1)")).isNotEqualTo(primary);
        // Still there, as a replica, and refused as a target until it is ready.
        NodeName drainedNode = new NodeName("db" + primary);
        Await.until("it follows", SOON, () -> followers(next) == 2);
        Reply back = next.leader().orElseThrow().switchover(drainedNode, false).get(20, TimeUnit.SECONDS);
        assertThat(back.done()).as(back.sentence()).isFalse();
        assertThat(back.sentence()).contains("was drained");
        assertThat(old.drain(drainedNode, false).done()).isTrue();
        Await.until("it is a target again", SOON, () -> next.leader()
                .orElseThrow()
                .switchover(drainedNode, true)
                .join()
                .done());
        assertThat(next.drain(drainedNode, true).sentence()).contains("runs in another program");
    }

    private List<Cluster> threeMachines() throws Exception {
        Path passwords = root.resolve("p1").resolve("database").resolve("passwords");
        var unused = Passwords.in(passwords, new SecureRandom());
        for (int machine = 2; machine <= 3; machine++) {
            Path own = root.resolve("p" + machine).resolve("database").resolve("passwords");
            Files.createDirectories(own);
            FolderSync.copy(passwords, own, file -> true);
        }
        List<Cluster> machines = new ArrayList<>();
        for (int machine = 1; machine <= 3; machine++) {
            machines.add(new Cluster(plan(machine), Metrics.create(), TestCluster.TIME));
        }
        open.addAll(machines);
        machines.parallelStream().forEach(one -> {
            try {
                one.start();
            } catch (StartFailure e) {
                throw new AssertionError(e);
            }
        });
        return machines;
    }

    private DatabasePlan plan(int machine) {
        return plan("p" + machine, Set.of(machine), Set.of(machine));
    }

    private static Cluster machine(List<Cluster> machines, int number) {
        return machines.get(number - 1);
    }

    /** The one that leads. */
    private static Cluster awaitWhole(List<Cluster> machines) {
        return Await.until(
                "all follow",
                SOON,
                () -> machines.stream()
                        .filter(one -> followers(one) == 2)
                        .findFirst()
                        .orElse(null),
                Objects::nonNull);
    }

    private static int reigns(Cluster leader) {
        return Integer.parseInt(
                Objects.requireNonNull(status(leader).record()).primary().text().substring(2));
    }

    /** Whoever leads then. */
    private static Cluster awaitAnother(List<Cluster> machines, int than) {
        return Await.until(
                "another reigns",
                SOON,
                () -> machines.stream()
                        .filter(one -> one.leader()
                                .map(Coordinator::status)
                                .filter(CoordinatorStatus::isInOffice)
                                .filter(status -> !Objects.requireNonNull(status.record())
                                        .primary()
                                        .text()
                                        .equals("db" + than))
                                .isPresent())
                        .findFirst()
                        .orElse(null),
                Objects::nonNull);
    }

    private Cluster started(DatabasePlan plan, Metrics metrics) throws Exception {
        Cluster cluster = new Cluster(plan, metrics, TestCluster.TIME);
        open.add(cluster);
        cluster.start();
        return cluster;
    }

    /** Of three nodes with a voter beside each, or with one voter when all is in one process. */
    private DatabasePlan plan(String name, Set<Integer> nodesHere, Set<Integer> votersHere) {
        TreeMap<NodeName, DatabasePlan.Member> nodes = new TreeMap<>();
        Map<String, HostPort> voters = new TreeMap<>();
        List<HostPort> doors = new ArrayList<>();
        boolean whole = nodesHere.size() == 3;
        for (int node = 1; node <= 3; node++) {
            HostPort door = at(6 + node);
            boolean here = nodesHere.contains(node);
            nodes.put(
                    new NodeName("db" + node),
                    new DatabasePlan.Member(node, at(node - 1), here ? Optional.empty() : Optional.of(door)));
            if (!whole || node == 1) {
                voters.put("voter" + node, at(2 + node));
            }
            if (!here) {
                doors.add(door);
            }
        }
        return new DatabasePlan(
                name,
                "shop",
                nodes,
                voters,
                Set.of("voter" + votersHere.iterator().next()),
                whole
                        ? Optional.empty()
                        : Optional.of(at(6 + nodesHere.iterator().next())),
                doors,
                new DatabasePlan.Places(
                        root.resolve(name),
                        Path.of("target").toAbsolutePath().resolve("engine-cache"),
                        List.of(),
                        List.of(TestCluster.jar())),
                settings());
    }

    private static DatabaseSettings settings() {
        return new DatabaseSettings(
                "shop",
                DatabaseSettings.Kind.EMBEDDED,
                new ServiceSettings(
                        List.of(), List.of(), List.of(), Path.of("no.pid"), Optional.empty(), Duration.ofSeconds(1)),
                33061,
                33161,
                33261,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TestCluster.SCHEMA,
                Optional.of(POLICY.mode()),
                Durability.DURABLE,
                ByteSize.parse("16MiB"),
                120,
                POLICY.suspicion(),
                POLICY.patience(),
                POLICY.minimumInterval(),
                POLICY.keeperLease(),
                POLICY.lagLimit(),
                POLICY.validity(),
                Map.of(),
                new LogSettings(Duration.ofDays(3)));
    }

    private HostPort at(int index) {
        return new HostPort("127.0.0.1", ports.get(index));
    }

    /** As soon as one is answered by whoever is in office; which node that is. */
    private static int awaitWrite(Cluster cluster, DatabasePlan plan, String sql) {
        int[] primary = {0};
        Await.until("a write is acknowledged", SOON, () -> {
            Optional<NodeName> king = cluster.leader()
                    .map(who -> who.status())
                    .filter(CoordinatorStatus::isInOffice)
                    .map(status -> Objects.requireNonNull(status.record()).primary());
            if (king.isEmpty()) {
                return false;
            }
            primary[0] = Integer.parseInt(king.get().text().substring(2));
            return write(plan, king.get(), sql);
        });
        return primary[0];
    }

    private static boolean write(DatabasePlan plan, NodeName node, String sql) {
        try {
            Passwords passwords = Passwords.in(plan.folder().resolve("passwords"), new SecureRandom());
            Target target = new Target(
                    Objects.requireNonNull(plan.nodes().get(node)).at(),
                    Dialects.MARIADB,
                    passwords.of(sql.startsWith("CREATE") ? Duty.SCHEMA : Duty.APPLICATION),
                    Optional.empty());
            try (NodeSession session = NodeSession.open(target, BOUNDS, TestCluster.SCHEMA)) {
                List<Row> unused = session.ask(Sql.of(sql), BOUNDS.answer());
                return true;
            }
        } catch (NodeFailure e) {
            return false;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static CoordinatorStatus status(Cluster cluster) {
        return cluster.leader().orElseThrow().status();
    }

    private static long followers(Cluster cluster) {
        return cluster.leader()
                .map(who -> who.status().view().nodes().values().stream()
                        .filter(view -> view.state() != null
                                && Objects.requireNonNull(view.state())
                                                .receiver()
                                                .state()
                                        == com.foobar.database.model.Receiver.State.RUNNING)
                        .count())
                .orElse(0L);
    }

    private static String awaitReady(Cluster cluster) {
        return Await.until(cluster.name() + " is ready", SOON, cluster::readiness, Readiness::ready)
                .reason();
    }

    private static String scraped(Metrics metrics) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.write(out, null);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static long millis(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
}
