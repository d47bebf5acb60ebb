package com.foobar.database.simulate;

import com.foobar.database.decide.Action;
import com.foobar.database.decide.Diagnosis;
import com.foobar.database.decide.Governor;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.database.model.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Nodes, keepers, coordinators, quorum, clients and the network between them, one step at a time, all from one seed. */
class World {
    static final long STEP = 10;

    private final Random random;
    private final Variation variation;
    private final Policy policy;
    private final Net net;
    private final SimQuorum quorum;
    private final Invariants invariants = new Invariants(this);
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<SimKeeper> keepers = new ArrayList<>();
    private final List<SimCoordinator> coordinators = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final boolean tracing;
    private long now = 10;
    private int writes;
    private boolean clientsWrite = true;

    World(long seed, Variation variation, boolean tracing) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.variation = variation;
        this.tracing = tracing;
        this.policy = Policy.DEFAULT.in(random.nextInt(3) == 0 ? Policy.Mode.AVAILABLE : Policy.Mode.STRICT);
        int count = random.nextInt(4) == 0 ? 4 : 3;
        int seats = 2 + random.nextInt(2);
        this.net = new Net(count + seats + 1, random);
        for (int i = 0; i < count; i++) {
            SimNode node = new SimNode(this, i);
            nodes.add(node);
            keepers.add(new SimKeeper(this, node, 0.97 + random.nextDouble() * 0.06));
        }
        this.quorum = new SimQuorum(this, ClusterRecord.founding("c1", nodes.get(0).name, GtidPosition.EMPTY));
        for (int i = 0; i < seats; i++) {
            coordinators.add(new SimCoordinator(this, count + i, i));
        }
    }

    void step() {
        now += STEP;
        net.deliver(now);
        for (SimNode node : nodes) {
            node.tick();
        }
        // Who runs first on a host is nobody's choice: after a freeze a client may be served before the keeper looks at
        // its lease.
        boolean clientsFirst = random.nextBoolean();
        if (clientsFirst) {
            clients();
        }
        keepers.forEach(SimKeeper::tick);
        if (!clientsFirst) {
            clients();
        }
        coordinators.forEach(SimCoordinator::tick);
        invariants.check();
    }

    /** The worst clients: they write to every node that lets them. */
    private void clients() {
        for (SimNode node : nodes) {
            if (clientsWrite && node.serves() && !node.readOnly && random.nextInt(3) == 0) {
                node.write(writes++);
            }
        }
    }

    /** Everything is mended: what must happen now is that all find together again. */
    void calm() {
        net.calm();
        coordinators.stream().filter(one -> !one.up).forEach(SimCoordinator::start);
        nodes.forEach(node -> {
            node.hungUntil = 0;
            node.applyRate = 4;
        });
    }

    /** The coordinator that leads, or null. */
    @Nullable
    SimCoordinator leader() {
        return coordinators.stream().filter(SimCoordinator::leads).findFirst().orElse(null);
    }

    void stopWriting() {
        clientsWrite = false;
    }

    /** One primary in office, all others following it with the same log. */
    boolean isWhole() {
        ClusterRecord record = quorum.record();
        SimNode primary = node(place(record.primary()));
        return inOfficeWithAll() && nodes.stream().allMatch(node -> node.log.equals(primary.log));
    }

    boolean inOfficeWithAll() {
        ClusterRecord record = quorum.record();
        SimNode primary = node(place(record.primary()));
        return primary.serves()
                && !primary.readOnly
                && primary.reign.equals(record.epoch())
                && !record.isClaimed()
                && record.ackers().size() == nodes.size() - 1
                && !record.solo().isAlone()
                && nodes.stream()
                        .filter(node -> node != primary)
                        .allMatch(node -> node.receiver == Receiver.State.RUNNING
                                && node.source == primary.place
                                && node.generation.equals(record.ackers().get(node.name)));
    }

    boolean diagnosedHealthy() {
        return coordinators.stream()
                .anyMatch(one ->
                        one.leads() && one.last != null && one.last.finding().diagnosis() == Diagnosis.HEALTHY);
    }

    void beforeAction(SimCoordinator by, Action action) {}

    void afterAction(SimCoordinator by, Action action) {}

    void trace(SimCoordinator by, Governor.Turn turn) {
        if (tracing) {
            trace.add(now + " " + by + " " + turn.finding() + " -> " + turn.actions()
                    + (turn.next().failover() == null
                            ? ""
                            : " [" + turn.next().failover().stage() + "]")
                    + (turn.refusal() == null ? "" : " " + turn.refusal()));
        }
    }

    List<String> trace() {
        return trace;
    }

    long now() {
        return now;
    }

    Random random() {
        return random;
    }

    Variation variation() {
        return variation;
    }

    Policy policy() {
        return policy;
    }

    Policy policyAsSeen() {
        return variation == Variation.DISMISSES_WITHOUT_WAITING
                ? new Policy(
                        policy.mode(),
                        1,
                        policy.suspicion(),
                        Duration.ofMillis(100),
                        policy.minimumInterval(),
                        Duration.ZERO,
                        Duration.ZERO,
                        policy.lagLimit(),
                        policy.validity(),
                        policy.priorities())
                : policy;
    }

    Net net() {
        return net;
    }

    SimQuorum quorum() {
        return quorum;
    }

    Invariants invariants() {
        return invariants;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    SimNode node(int place) {
        return nodes.get(place);
    }

    SimKeeper keeper(int place) {
        return keepers.get(place);
    }

    List<SimCoordinator> coordinators() {
        return coordinators;
    }

    int coordinatorPlace(SimCoordinator one) {
        return nodes.size() + coordinators.indexOf(one);
    }

    int quorumPlace() {
        return nodes.size() + coordinators.size();
    }

    int places() {
        return quorumPlace() + 1;
    }

    int place(NodeName name) {
        return Integer.parseInt(name.text().substring(2)) - 1;
    }
}
