package com.foobar.database.coordinator;

import com.foobar.database.TestCluster;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.keeper.Keeper;
import com.foobar.database.keeper.KeeperPlan;
import com.foobar.database.keeper.OwnServer;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.database.node.LeaseAnswer;
import com.foobar.database.node.LeaseDesk;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.value.HostPort;
import com.foobar.quorum.Quorum;
import com.foobar.quorum.RatisQuorum;
import com.foobar.quorum.SoloQuorum;
import com.foobar.quorum.VoterSettings;
import com.foobar.testkit.Await;
import com.foobar.testkit.FaultProxy;
import com.foobar.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Real servers, real keepers, real coordinators; one quorum voter alone or three that agree. */
final class WholeCluster implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);

    final TestCluster ground;
    private final Map<Integer, Keeper> keepers = new TreeMap<>();
    private final List<SystemTime> times = new ArrayList<>();
    private final List<Quorum> voters = new ArrayList<>();
    private final List<Coordinator> coordinators = new CopyOnWriteArrayList<>();
    private final Set<Coordinator> gone = new HashSet<>();
    private final int nodes;
    private final Policy policy;

    /** Where the others reach a node, if not at its own address. */
    private final Map<Integer, FaultProxy> links = new TreeMap<>();

    /** Keepers ask all coordinators here; the one that leads answers. */
    private final LeaseDesk desk = this::renew;

    WholeCluster(int nodes, int seats) throws Exception {
        this(nodes, seats, Policy.DEFAULT);
    }

    WholeCluster(int nodes, int seats, Policy policy) throws Exception {
        this(nodes, seats, policy, false);
    }

    /** With a link before each node, over which the others fetch its log. */
    WholeCluster(int nodes, int seats, Policy policy, boolean linked) throws Exception {
        this(nodes, seats, policy, linked, root -> {});
    }

    /** @param ground what is done with the folder before anything is in it */
    WholeCluster(int nodes, int seats, Policy policy, boolean linked, Consumer<Path> ground) throws Exception {
        this.ground = new TestCluster();
        ground.accept(this.ground.root());
        this.nodes = nodes;
        this.policy = policy;
        for (int node = 1; linked && node <= nodes; node++) {
            links.put(node, FaultProxy.to(this.ground.at(node).port()));
        }
        for (int node = 1; node <= nodes; node++) {
            keepers.put(node, Keeper.open(plan(node), server(node), desk, time()));
        }
        quorum(seats);
        for (Keeper keeper : keepers.values()) {
            String unused = keeper.started().get(60, TimeUnit.SECONDS);
        }
        for (Quorum voter : voters) {
            coordinators.add(
                    Coordinator.open(coordinatorPlan("seat" + coordinators.size()), keepers.values(), voter, time()));
        }
    }

    private SystemTime time() {
        SystemTime time = new SystemTime("test");
        times.add(time);
        return time;
    }

    private void quorum(int seats) throws Exception {
        if (seats == 1) {
            voters.add(new SoloQuorum("seat0", time()));
            return;
        }
        List<Integer> ports = FreePorts.block(seats);
        Map<String, HostPort> places = new TreeMap<>();
        for (int seat = 0; seat < seats; seat++) {
            places.put("seat" + seat, new HostPort("127.0.0.1", ports.get(seat)));
        }
        for (int seat = 0; seat < seats; seat++) {
            Path folder = ground.root().resolve("seat" + seat);
            voters.add(RatisQuorum.start(VoterSettings.of(ground.name, "seat" + seat, places, folder), time()));
        }
    }

    private OwnServer server(int number) throws Exception {
        return new OwnServer(ground.launch(number), ground.cache(), ground.identity(number), time());
    }

    static NodeName name(int number) {
        return new NodeName("db" + number);
    }

    private Map<NodeName, HostPort> addresses() {
        Map<NodeName, HostPort> addresses = new TreeMap<>();
        IntStream.rangeClosed(1, nodes).forEach(node -> addresses.put(name(node), ground.at(node)));
        return addresses;
    }

    FaultProxy link(NodeName node) {
        return Objects.requireNonNull(links.get(number(node)));
    }

    private Map<NodeName, HostPort> asSeenFrom(int number) {
        Map<NodeName, HostPort> seen = addresses();
        links.forEach((node, link) -> {
            if (node != number) {
                seen.put(name(node), new HostPort("127.0.0.1", link.port()));
            }
        });
        return seen;
    }

    private KeeperPlan plan(int number) {
        return new KeeperPlan(
                name(number),
                ground.name,
                ground.root().resolve("n" + number).resolve("keeper"),
                Dialects.MARIADB,
                asSeenFrom(number),
                ground.logins(),
                TestCluster.SCHEMA,
                Optional.empty(),
                Optional.empty(),
                KeeperPlan.Limits.DEFAULT);
    }

    private CoordinatorPlan coordinatorPlan(String name) {
        return new CoordinatorPlan(
                name,
                ground.name,
                new TreeMap<>(addresses()),
                policy,
                Tempo.DEFAULT,
                ground.root().resolve("certificates"));
    }

    private CompletableFuture<LeaseAnswer> renew(NodeName node, @Nullable Epoch reign) {
        CompletableFuture<LeaseAnswer> last =
                CompletableFuture.completedFuture(new LeaseAnswer.Unanswered("nobody leads"));
        for (Coordinator one : coordinators) {
            CompletableFuture<LeaseAnswer> answer = one.renew(node, reign);
            if (!(answer.join() instanceof LeaseAnswer.Unanswered)) {
                return answer;
            }
        }
        return last;
    }

    Optional<Coordinator> leader() {
        return coordinators.stream()
                .filter(one -> one.status().leads() && one.ring().leadsNow())
                .findFirst();
    }

    Optional<String> document() {
        return coordinators.stream()
                .flatMap(one -> one.bulletin().newest().stream())
                .findFirst();
    }

    /** As the leader sees it, as soon as it is so. */
    CoordinatorStatus await(String what, Predicate<CoordinatorStatus> wanted) {
        return Objects.requireNonNull(Await.until(
                what,
                SOON,
                () -> leader().map(Coordinator::status).orElse(null),
                status -> status != null && wanted.test(status)));
    }

    CoordinatorStatus awaitWhole() {
        return await(
                "all nodes in their places",
                status -> status.isInOffice()
                        && Objects.requireNonNull(status.record()).ackers().size() == nodes - 1
                        && status.view().nodes().values().stream()
                                        .filter(view -> view.state() != null)
                                        .filter(view -> Objects.requireNonNull(view.state())
                                                        .receiver()
                                                        .generation()
                                                        .equals(status.record()
                                                                .ackers()
                                                                .get(view.name()))
                                                && Objects.requireNonNull(view.state())
                                                                .receiver()
                                                                .state()
                                                        == com.foobar.database.model.Receiver.State.RUNNING)
                                        .count()
                                == nodes - 1);
    }

    ClusterRecord record() {
        return Objects.requireNonNull(awaitWhole().record());
    }

    int number(NodeName node) {
        return Integer.parseInt(node.text().substring(2));
    }

    long pid(NodeName node) throws IOException {
        return Long.parseLong(
                Files.readString(ground.root().resolve("n" + number(node)).resolve("server.pid"))
                        .strip());
    }

    void signal(NodeName node, String signal) throws Exception {
        if (new ProcessBuilder("kill", "-" + signal, Long.toString(pid(node)))
                        .start()
                        .waitFor()
                != 0) {
            throw new AssertionError("no signal " + signal + " to " + node);
        }
    }

    void close(Coordinator one) {
        int seat = coordinators.indexOf(one);
        gone.add(one);
        one.close();
        voters.get(seat).close();
    }

    @Override
    public void close() throws IOException {
        coordinators.stream().filter(one -> !gone.contains(one)).forEach(one -> one.closeReign()
                .orTimeout(5, TimeUnit.SECONDS)
                .exceptionally(late -> Reply.refused("late"))
                .join());
        keepers.values().parallelStream().forEach(Keeper::close);
        coordinators.forEach(Coordinator::close);
        voters.forEach(Quorum::close);
        links.values().forEach(FaultProxy::close);
        ground.close();
        times.forEach(SystemTime::close);
    }
}
