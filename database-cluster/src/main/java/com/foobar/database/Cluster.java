package com.foobar.database;

import com.foobar.database.account.Duty;
import com.foobar.database.backup.Backup;
import com.foobar.database.backup.PointInTime;
import com.foobar.database.backup.Restore;
import com.foobar.database.coordinator.Coordinator;
import com.foobar.database.coordinator.CoordinatorStatus;
import com.foobar.database.coordinator.DatabaseMetrics;
import com.foobar.database.coordinator.Reply;
import com.foobar.database.embedded.Engine;
import com.foobar.database.embedded.EngineSearch;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Receiver;
import com.foobar.kernel.lifecycle.Change;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.Role;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.metrics.Registration;
import com.foobar.kernel.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The role {@code database-cluster}: the part of the cluster that runs in this process, which may be all of it. */
public final class Cluster implements Role<DatabaseSettings> {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** Commits under way are finished within it, or fail with the connection: then the record stays open, which costs the next start. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** For a hand-over: it takes less than one, and longer where a replica has to catch up; a stop waits for no other. */
    private static final Duration HAND_OVER = Duration.ofSeconds(5);

    /** The least that each part of a backup gets. */
    private static final Duration BACKUP = Duration.ofMinutes(10);

    private final DatabasePlan plan;
    private final Metrics metrics;
    private final Time time;
    private volatile @Nullable Crew crew;
    private volatile @Nullable DatabaseMetrics figures;
    private volatile Optional<Registration> expiry = Optional.empty();
    private volatile boolean closed;

    public Cluster(DatabasePlan plan, Metrics metrics, Time time) {
        this.plan = plan;
        this.metrics = metrics;
        this.time = time;
    }

    @Override
    public String name() {
        return plan.name();
    }

    @Override
    public void start() throws StartFailure {
        Crew all = new Crew(plan, time);
        try {
            all.start();
        } catch (InterruptedException e) {
            // Only then the flag: with it every wait for a server to shut down would end at once, and kill it.
            all.close();
            Thread.currentThread().interrupt();
            throw new StartFailure("the start of the database cluster was interrupted", "start again", e);
        } catch (StartFailure | RuntimeException e) {
            all.close();
            throw e;
        }
        figures = new DatabaseMetrics(metrics, all.coordinators());
        expiry = all.tls()
                .map(tls -> metrics.readGauge(
                        "foobar_database_certificate_expiry_timestamp_seconds",
                        "When the certificate expires that this machine shows to the others of the database.",
                        () -> tls.expiry().getEpochSecond()));
        crew = all;
    }

    /** The names of all that are configured, here and elsewhere. */
    public SortedSet<String> nodes() {
        return plan.nodes().keySet().stream().map(NodeName::text).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The coordinator of this process that leads the cluster. */
    public Optional<Coordinator> leader() {
        Crew all = crew;
        return all == null
                ? Optional.empty()
                : all.coordinators().stream()
                        .filter(one -> one.bulletin().newest().isPresent())
                        .findFirst();
    }

    /** Any that can say more than nothing: the one that leads, else one that knows who does. */
    public Optional<Coordinator> spokesman() {
        Crew all = crew;
        return leader().or(() ->
                all == null ? Optional.empty() : all.coordinators().stream().findFirst());
    }

    /** The document of decision 9, as soon as it is newer; fails where no coordinator of this process leads. */
    public CompletableFuture<String> topologyNewerThan(long epoch, long version, Duration wait) {
        return spokesman()
                .map(one -> one.bulletin().newerThan(epoch, version, wait))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new IllegalStateException("no coordinator runs in this process: ask a server with a voter")));
    }

    /** For {@code status}; empty where no coordinator runs. */
    public Optional<String> statusJson() {
        return spokesman().map(Coordinator::statusJson);
    }

    /**
     * Takes a backup; blocks until it is whole, verified if that is wished, or nothing.
     *
     * @param keep how many to leave there; zero keeps all
     */
    public String backup(Path to, int keep, boolean verify) throws StartFailure, InterruptedException {
        CoordinatorStatus status = leader().map(Coordinator::status)
                .filter(CoordinatorStatus::isInOffice)
                .orElseThrow(() -> new StartFailure(
                        "this process does not lead the cluster, or no primary is in office",
                        "ask the process that leads: status names it"));
        Engine engine = new EngineSearch(
                        plan.settings().server(),
                        plan.places().path(),
                        plan.places().bundles())
                .find(plan.places().cache(), "database-cluster.server", time);
        return new Backup(engine, plan.places().cache(), time)
                .take(origin(status), new Backup.Wish(to, keep, verify, BACKUP));
    }

    private Backup.Origin origin(CoordinatorStatus status) throws StartFailure {
        Crew all = crew;
        var record = Objects.requireNonNull(status.record(), "in office by a record");
        Optional<NodeName> replica = status.view().nodes().values().stream()
                .filter(node -> !node.name().equals(record.primary()))
                .filter(node -> isFresh(node.state()))
                .map(NodeView::name)
                .findFirst();
        NodeName node = replica.orElse(record.primary());
        return new Backup.Origin(
                plan.cluster(),
                record.epoch().number(),
                node.text(),
                Objects.requireNonNull(plan.nodes().get(node), "a node of the plan")
                        .at(),
                plan.settings().passwords(plan.places().data()).of(Duty.BACKUP),
                all == null ? Optional.empty() : all.trust(),
                plan.settings().schema(),
                replica.isPresent() ? "a replica within the lag limit" : "the primary, for no replica is fit");
    }

    private boolean isFresh(@Nullable NodeState state) {
        return state != null
                && state.receiver().state() == Receiver.State.RUNNING
                && state.lag() != null
                && state.lag().compareTo(plan.settings().lagLimit()) <= 0;
    }

    /** Makes the data of this process's nodes from a backup; for a cluster that has not begun, and is not running. */
    public static String restore(DatabasePlan plan, Path backup, Optional<PointInTime> wish, Time time)
            throws StartFailure, InterruptedException {
        List<String> nodes = plan.nodesHere().stream().map(NodeName::text).toList();
        if (nodes.isEmpty()) {
            throw new StartFailure("no database node belongs to this process", "restore on the servers that have one");
        }
        Engine engine = new EngineSearch(
                        plan.settings().server(),
                        plan.places().path(),
                        plan.places().bundles())
                .find(plan.places().cache(), "database-cluster.server", time);
        return Restore.run(
                backup,
                engine,
                plan.places().cache(),
                plan.folder(),
                plan.cluster(),
                plan.settings().schema(),
                nodes,
                wish,
                time);
    }

    @Override
    public Readiness readiness() {
        Crew all = crew;
        if (all == null || closed) {
            return Readiness.no(closed ? "closed" : "starting");
        }
        Optional<CoordinatorStatus> leading = leader().map(Coordinator::status);
        if (leading.isPresent()) {
            return inOffice(leading.get());
        }
        String role = all.ownRole();
        return role.isEmpty()
                ? Readiness.no("no primary is in office, as far as is known here")
                : new Readiness(true, role);
    }

    private static Readiness inOffice(CoordinatorStatus status) {
        var record = status.record();
        if (record == null || !status.isInOffice()) {
            var finding = status.finding();
            return Readiness.no(finding == null ? "the cluster has not begun" : finding.toString());
        }
        String followers =
                record.ackers().keySet().stream().map(Object::toString).collect(Collectors.joining(", "));
        return new Readiness(
                true,
                record.primary() + " is primary in " + record.epoch()
                        + (followers.isEmpty() ? ", nobody follows it" : "; replicas: " + followers));
    }

    @Override
    public Change prepare(DatabaseSettings live) throws ChangeRefused {
        if (!live.equals(plan.settings())) {
            throw new ChangeRefused("the database cluster's settings take effect at the next start");
        }
        return Change.NONE;
    }

    /** A primary here is handed over, by whoever leads wherever that is; the servers go on until {@link #close}. */
    @Override
    public void drain(Duration patience) {
        Crew all = crew;
        if (all == null || plan.isWhole()) {
            return; // where everything stops there is nobody to hand over to
        }
        plan.nodesHere().forEach(node -> all.leave(node, true));
        Optional<NodeName> still = all.awaitHandOver(patience.compareTo(HAND_OVER) < 0 ? patience : HAND_OVER);
        still.ifPresent(node -> LOG.warn("{} is stopped as primary: nobody has taken over from it", node));
    }

    /** Takes a node of this process out for its operator, or in again. Blocks until it is no primary any more, or a few seconds. */
    public Reply drain(NodeName node, boolean out) {
        Crew all = crew;
        if (all == null || !all.isHere(node)) {
            return Reply.refused(node + " runs in another program: order it at the admin port of its machine"
                    + Optional.ofNullable(plan.nodes().get(node))
                            .map(member -> ", " + member.at().host())
                            .orElse(""));
        }
        all.leave(node, out);
        if (!out) {
            return Reply.done(node + " serves reads and may be primary again");
        }
        return all.awaitHandOver(HAND_OVER).filter(node::equals).isEmpty()
                ? Reply.done(
                        node + " is drained: it is no primary, serves no reads and is not promoted until it is ready")
                : Reply.refused(node + " is still primary, for nobody has taken over from it; it is handed over as soon"
                        + " as somebody can");
    }

    private static Reply waitFor(CompletableFuture<Reply> reply, Duration patience) {
        return reply.copy()
                .completeOnTimeout(
                        new Reply(false, "not done within " + patience.toMillis() + " ms", Optional.empty()),
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public void close() {
        Crew all = crew;
        if (closed || all == null) {
            return;
        }
        closed = true;
        // The leader first: the others must not take over what is being put down.
        List<Coordinator> order = new ArrayList<>();
        leader().ifPresent(order::add);
        all.coordinators().stream().filter(one -> !order.contains(one)).forEach(order::add);
        if (plan.isWhole()) {
            order.forEach(one -> {
                Reply reply = waitFor(one.closeReign(), FAREWELL);
                // Those that do not lead have nothing to close.
                LOG.atLevel(reply.done() ? Level.INFO : Level.DEBUG).log("{}", reply.sentence());
            });
        } else {
            all.handOver();
        }
        DatabaseMetrics counted = figures;
        if (counted != null) {
            counted.close();
        }
        expiry.ifPresent(Registration::close);
        all.close();
    }
}
