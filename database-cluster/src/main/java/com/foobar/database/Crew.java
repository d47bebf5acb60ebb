package com.foobar.database;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Passwords;
import com.foobar.database.coordinator.Coordinator;
import com.foobar.database.coordinator.Tempo;
import com.foobar.database.embedded.Engine;
import com.foobar.database.embedded.EngineSearch;
import com.foobar.database.embedded.NodeIdentity;
import com.foobar.database.embedded.PortClaim;
import com.foobar.database.keeper.Keeper;
import com.foobar.database.keeper.KeeperPlan;
import com.foobar.database.keeper.OwnServer;
import com.foobar.database.keeper.ServiceServer;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.Receiver;
import com.foobar.database.node.LeaseAnswer;
import com.foobar.database.node.LeaseDesk;
import com.foobar.database.node.NodeDesk;
import com.foobar.database.remote.Access;
import com.foobar.database.remote.KeeperDoor;
import com.foobar.database.remote.RemoteLease;
import com.foobar.database.remote.RemoteNode;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.tls.TrustStore;
import com.foobar.quorum.Quorum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything of a cluster that runs in this process: keepers with their servers, voters with their coordinators, the door. */
final class Crew implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);

    /** A server that recovers must not be taken for a dead one; one that does not come at all must not hold the others up. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(10);

    private static final Duration HAND_OVER_LOOK = Duration.ofMillis(50);

    private static final Duration OWN_LOOK = Duration.ofMillis(500);

    private final DatabasePlan plan;
    private final Time time;
    /** Nothing means plain connections; set before anything starts. */
    private Optional<ClusterTls> tls = Optional.empty();

    private final List<PortClaim> claims = new ArrayList<>();
    private final List<Keeper> keepers = new ArrayList<>();
    private final List<RemoteNode> others = new ArrayList<>();
    private final List<SystemTime> timers = new ArrayList<>();
    /** Read by the keepers' threads while the start adds to it. */
    private final List<Coordinator> coordinators = new CopyOnWriteArrayList<>();

    private @Nullable VotersHere voters;
    private @Nullable RemoteLease leases;
    private @Nullable KeeperDoor door;
    private Time.@Nullable Timeout ownLooks;
    private volatile String ownRole = "";

    Crew(DatabasePlan plan, Time time) {
        this.plan = plan;
        this.time = time;
    }

    List<Coordinator> coordinators() {
        return coordinators;
    }

    Optional<ClusterTls> tls() {
        return tls;
    }

    /** Whom a client of the servers has to believe. */
    Optional<TrustStore> trust() {
        return tls.map(ClusterTls::trust);
    }

    boolean isHere(NodeName node) {
        return plan.nodesHere().contains(node);
    }

    void leave(NodeName node, boolean now) {
        keepers.stream().filter(keeper -> keeper.name().equals(node)).forEach(keeper -> keeper.leave(now));
    }

    /** Until no server here takes writes; the one that still does when the time is up. */
    Optional<NodeName> awaitHandOver(Duration limit) {
        long began = time.nanos();
        while (true) {
            Optional<NodeName> reigns =
                    keepers.stream().filter(Crew::takesWrites).map(Keeper::name).findFirst();
            if (reigns.isEmpty() || time.nanos() - began >= limit.toNanos()) {
                return reigns;
            }
            LockSupport.parkNanos(HAND_OVER_LOOK.toNanos());
        }
    }

    private static boolean takesWrites(Keeper keeper) {
        NodeState state = keeper.look().join().state();
        return state != null && !state.readOnly();
    }

    /** What the nodes of this process do, as they said last; empty while none of them has a place. */
    String ownRole() {
        return ownRole;
    }

    void start() throws StartFailure, InterruptedException {
        Passwords passwords = plan.settings().passwords(plan.places().data());
        tls = ClusterTls.of(plan.settings(), plan.places().data(), time);
        Blueprint blueprint = Blueprint.of(plan, passwords, tls);
        // Whoever may order the servers about has that password on every host anyway; a further secret would protect
        // nothing.
        Access access = new Access(passwords.of(Duty.COORDINATOR).password(), tls.map(ClusterTls::lines));
        RemoteLease desk = new RemoteLease(
                Optional.of(this::renewHere),
                plan.coordinators(),
                access,
                blueprint.policy().keeperLease().dividedBy(3),
                time);
        leases = desk;
        // Before anything here connects to anything, and until the servers have ended.
        claimPorts();
        // Beside the servers, whose start takes as long.
        VotersHere voting = VotersHere.begin(plan, tls.map(ClusterTls::voter), time);
        voters = voting;
        openKeepers(blueprint, desk);
        NavigableMap<String, Quorum> open = voting.await();
        awaitServers();
        List<NodeDesk> desks = new ArrayList<>(keepers);
        plan.nodes().forEach((name, node) -> node.elsewhere().ifPresent(at -> {
            RemoteNode far = new RemoteNode(name, at, access, Tempo.DEFAULT.lookBound(), time);
            others.add(far);
            desks.add(far);
        }));
        open.forEach((name, voter) ->
                coordinators.add(Coordinator.open(blueprint.coordinator(name), desks, voter, timer())));
        if (plan.door().isPresent()) {
            door = KeeperDoor.open(
                    plan.door().get(),
                    "database-cluster.keeper-port",
                    access,
                    List.copyOf(keepers),
                    Optional.of(this::renewHere),
                    coordinators.isEmpty() ? Optional.empty() : Optional.of(this::newsHere),
                    time);
        }
        ownLooks = time.every(OWN_LOOK, this::lookAtOwn);
    }

    /** A server that is its operator's may not even be there. */
    private void claimPorts() {
        if (plan.settings().engine() == DatabaseSettings.Kind.EMBEDDED) {
            plan.nodesHere()
                    .forEach(name -> claims.add(PortClaim.on(plan.member(name).at())));
        }
    }

    /** The keepers' leases depend on punctual timers: each has one of its own. */
    private SystemTime timer() {
        SystemTime timer = new SystemTime(plan.name());
        timers.add(timer);
        return timer;
    }

    private void openKeepers(Blueprint blueprint, LeaseDesk desk) throws StartFailure, InterruptedException {
        List<NodeName> here = plan.nodesHere();
        if (here.isEmpty()) {
            return;
        }
        if (plan.settings().engine() == DatabaseSettings.Kind.EXTERNAL) {
            openService(here, blueprint, desk);
            return;
        }
        Engine engine = new EngineSearch(
                        plan.settings().server(),
                        plan.places().path(),
                        plan.places().bundles())
                .find(plan.places().cache(), "database-cluster.server", time);
        for (NodeName name : here) {
            OwnServer server = new OwnServer(
                    blueprint.launch(engine, name),
                    plan.places().cache(),
                    new NodeIdentity(plan.cluster(), name.text(), engine.version()),
                    time);
            keepers.add(Keeper.open(blueprint.keeper(name), server, desk, timer()));
        }
    }

    /** Its accounts are its administrator's to make, from a file that is written for it; its file of options too. */
    private void openService(List<NodeName> here, Blueprint blueprint, LeaseDesk desk) throws StartFailure {
        if (here.size() > 1) {
            throw new StartFailure(
                    "engine external runs one database server on a machine, and " + here + " are all on this one",
                    "give each a machine of its own, or set database-cluster.engine to embedded");
        }
        KeeperPlan kept = blueprint.keeper(here.get(0));
        ServiceServer server = new ServiceServer(plan.settings().service().service(), kept, time);
        server.offerAccounts(blueprint.accounts());
        server.refuseForeign();
        keepers.add(Keeper.open(kept, server, desk, timer()));
    }

    /** One that fails is the coordinators' matter, as long as another runs: they tell who is missing. */
    private void awaitServers() throws StartFailure, InterruptedException {
        StartFailure last = null;
        long deadline = time.nanos() + FIRST_LOOK.toNanos();
        for (Keeper keeper : keepers) {
            try {
                String unused = keeper.started().get(Math.max(0, deadline - time.nanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                LOG.warn("{} is still not ready after {} s; the others go on", keeper.name(), FIRST_LOOK.toSeconds());
                return;
            } catch (ExecutionException e) {
                last = e.getCause() instanceof StartFailure failure
                        ? failure
                        : new StartFailure(keeper.name() + " did not start: " + e.getCause(), "see the log", e);
                if (keepers.size() == 1) {
                    throw last;
                }
                LOG.error("{} did not start and is tried again: {}. {}", keeper.name(), last.getMessage(), last.cure());
            }
        }
        if (last != null && keepers.stream().allMatch(keeper -> keeper.started().isCompletedExceptionally())) {
            throw last;
        }
    }

    /** On the keepers' and guests' threads. */
    private CompletableFuture<LeaseAnswer> renewHere(NodeName node, @Nullable Epoch reign) {
        return CompletableFuture.completedFuture(ask(node, reign));
    }

    private LeaseAnswer ask(NodeName node, @Nullable Epoch reign) {
        LeaseAnswer last = new LeaseAnswer.Unanswered("no coordinator of this process leads");
        for (Coordinator one : coordinators) {
            LeaseAnswer said = one.renew(node, reign).getNow(last);
            if (!(said instanceof LeaseAnswer.Unanswered)) {
                return said;
            }
        }
        return last;
    }

    /** On guests' threads. */
    private CompletableFuture<String> newsHere(long epoch, long version, Duration wait) {
        return coordinators.stream()
                .filter(one -> one.bulletin().newest().isPresent())
                .findFirst()
                .map(one -> one.bulletin().newerThan(epoch, version, wait))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new IllegalStateException("no coordinator of this process leads")));
    }

    private void lookAtOwn() {
        for (Keeper keeper : keepers) {
            CompletableFuture<Void> unused = keeper.look().thenAccept(view -> {
                NodeState state = view.state();
                boolean follows = state != null && state.receiver().state() == Receiver.State.RUNNING;
                if (state != null && (follows || !state.readOnly())) {
                    ownRole = keeper.name()
                            + (follows ? " follows " + state.receiver().source() : " is primary");
                } else {
                    ownRole = "";
                }
            });
        }
    }

    /** Before a part of the cluster leaves: the rest shall not have to find out. */
    void handOver() {
        if (voters != null) {
            voters.handOver();
        }
        // Not by closing the reign: for as long as its lease lasts it would make whoever reigns elsewhere read-only.
        coordinators.forEach(one -> one.retire().join());
    }

    /** Servers first, while their leases are still renewed; the quorum last. */
    @Override
    public void close() {
        if (ownLooks != null) {
            ownLooks.cancel();
        }
        keepers.parallelStream().forEach(Keeper::close);
        coordinators.forEach(Coordinator::close);
        others.forEach(RemoteNode::close);
        if (leases != null) {
            leases.close();
        }
        if (voters != null) {
            voters.close();
        }
        // After the voters, which take a moment: so long the other machines can see that the servers here have ended,
        // and
        // need not fear what they may still do.
        if (door != null) {
            door.close();
        }
        timers.forEach(SystemTime::close);
        claims.forEach(PortClaim::close);
    }
}
