package com.foobar.database.coordinator;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.node.LeaseAnswer;
import com.foobar.database.node.LeaseDesk;
import com.foobar.database.node.NodeDesk;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.quorum.Quorum;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One coordinator of a cluster: leads while its voter does, and stands by while another does. For any thread; nothing here waits. */
public final class Coordinator implements LeaseDesk, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);

    /** A reprovisioned node copies the whole data; whoever waits longer looks at the status. */
    private static final Duration PETITION = Duration.ofSeconds(60);

    private static final String CLOSED = "this coordinator is closed";

    private final CoordinatorPlan plan;
    private final Time time;
    private final Ring ring;
    private final ExecutorService thread;
    private final ExecutorService disk;
    private final ExecutorService teller;
    private final Time.Timeout beat;
    private final AtomicBoolean beating = new AtomicBoolean();
    private volatile boolean closed;

    private Coordinator(
            CoordinatorPlan plan, Collection<? extends NodeDesk> nodes, Quorum quorum, Time time, Rooms rooms) {
        this.plan = plan;
        this.time = time;
        this.thread = rooms.ring();
        this.disk = rooms.disk();
        this.teller = rooms.teller();
        this.ring = new Ring(plan, nodes, quorum, time, inRing(), disk, quiet(teller));
        nodes.forEach(desk -> desk.onSignal(() -> inRing().execute(ring::noticed)));
        quorum.onStanding(() -> inRing().execute(ring::tick));
        this.beat = time.every(plan.tempo().look(), this::beat);
        inRing().execute(ring::tick);
    }

    /** The threads of a coordinator; in tests, the test's own. */
    record Rooms(ExecutorService ring, ExecutorService disk, ExecutorService teller) {
        static Rooms named(String name) {
            return new Rooms(
                    Executors.newSingleThreadExecutor(Threads.named(name, "ring")),
                    Executors.newSingleThreadExecutor(Threads.named(name, "certificate")),
                    Executors.newSingleThreadExecutor(Threads.named(name, "bulletin")));
        }
    }

    /** Begins at once. The desks and the quorum stay the caller's, who closes them after this. */
    public static Coordinator open(
            CoordinatorPlan plan, Collection<? extends NodeDesk> nodes, Quorum quorum, Time time) {
        return new Coordinator(plan, nodes, quorum, time, Rooms.named(plan.name()));
    }

    static Coordinator open(
            CoordinatorPlan plan, Collection<? extends NodeDesk> nodes, Quorum quorum, Time time, Rooms rooms) {
        return new Coordinator(plan, nodes, quorum, time, rooms);
    }

    /** A task that fails must not end the ring; one that comes after the end is dropped. */
    private Executor inRing() {
        return quiet(thread);
    }

    private Executor quiet(ExecutorService executor) {
        return task -> {
            try {
                executor.execute(() -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.error("Coordinator {} stumbled", plan.name(), e);
                    }
                });
            } catch (RejectedExecutionException e) {
                LOG.debug("Coordinator {} is closed", plan.name());
            }
        };
    }

    /** On the timer's thread. A ring that is behind gets one beat, not one for each that it missed. */
    private void beat() {
        if (beating.compareAndSet(false, true)) {
            inRing().execute(() -> {
                beating.set(false);
                ring.tick();
            });
        }
    }

    public String name() {
        return plan.name();
    }

    /** Where application servers read who is primary. */
    public Bulletin bulletin() {
        return ring.bulletin();
    }

    public CoordinatorStatus status() {
        return ring.status();
    }

    /** The same for machines: what {@code status} and {@code /topology} show. */
    public String statusJson() {
        return StatusJson.write(plan, status(), ring.leadsNow());
    }

    Ring ring() {
        return ring;
    }

    /** How long it still speaks for the cluster without another confirmation. */
    Duration leaseRemaining() {
        Moment confirmed = ring.tenure().confirmed();
        Duration left = confirmed == null
                ? Duration.ZERO
                : confirmed.plus(plan.tempo().lease()).since(new Moment(time.nanos()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Answered from what the quorum confirmed last, on the asker's thread. Why that is safe: while the confirmation is fresh nobody else
     * can have been confirmed, so nobody can have barred the node since; and who bars it here waits for a whole lease from the moment at
     * which this record was replaced.
     */
    @Override
    public CompletableFuture<LeaseAnswer> renew(NodeName node, @Nullable Epoch reign) {
        return CompletableFuture.completedFuture(answer(node, reign));
    }

    private LeaseAnswer answer(NodeName node, @Nullable Epoch reign) {
        Tenure tenure = ring.tenure();
        ClusterRecord record = tenure.record();
        if (closed || record == null || !plan.addresses().containsKey(node)) {
            return new LeaseAnswer.Unanswered(
                    record == null ? "the cluster has not begun" : closed ? CLOSED : node + " is not configured");
        }
        if (!tenure.holds(new Moment(time.nanos()), plan.tempo().lease())) {
            return new LeaseAnswer.Unanswered(plan.name() + " does not lead");
        }
        if (record.grantsLease(node, reign)) {
            return new LeaseAnswer.Granted(
                    tenure.term(), record.version(), plan.policy().keeperLease());
        }
        String why = reign == null
                ? node + " is barred: it was silent or deposed"
                : node + " takes writes for " + reign + ", but " + record.primary() + " is primary in "
                        + record.epoch();
        return new LeaseAnswer.Barred(tenure.term(), record.version(), why);
    }

    /** A planned change of the primary; null lets the ranking choose. */
    public CompletableFuture<Reply> switchover(@Nullable NodeName to, boolean dryRun) {
        return ask(new Petition.Request.Switchover(to), dryRun);
    }

    /** A failover now. With the sentence that a refusal names, also one that may lose acknowledged writes. */
    public CompletableFuture<Reply> failover(String typed, boolean dryRun) {
        return ask(new Petition.Request.Failover(typed), dryRun);
    }

    /** Waits until the node follows again; what has to be done for it is done without being asked, too. */
    public CompletableFuture<Reply> rejoin(NodeName node, boolean dryRun) {
        return ask(new Petition.Request.Rejoin(node), dryRun);
    }

    /** The same for a node that is new in the configuration: its keeper provisions it, this waits until it follows. */
    public CompletableFuture<Reply> join(NodeName node, boolean dryRun) {
        return ask(new Petition.Request.Rejoin(node), dryRun);
    }

    /** Replaces the node's data by the primary's and waits until it follows. */
    public CompletableFuture<Reply> anew(NodeName node, boolean dryRun) {
        return ask(new Petition.Request.Anew(node), dryRun);
    }

    public CompletableFuture<Reply> maintenance(boolean on, boolean dryRun) {
        return ask(new Petition.Request.Maintenance(on), dryRun);
    }

    private CompletableFuture<Reply> ask(Petition.Request request, boolean dryRun) {
        Petition petition = new Petition(request, new Moment(time.nanos()).plus(PETITION));
        if (closed) {
            petition.answer(Reply.refused(CLOSED));
        }
        inRing().execute(() -> ring.ask(petition, dryRun));
        return petition.reply();
    }

    /**
     * Before everything stops: no more writes, and the record closed at the last one, where this coordinator leads. Whether that succeeds
     * or not, from now on it decides nothing, so that servers may be stopped without being missed; it still renews leases until it is
     * closed.
     */
    public CompletableFuture<Reply> closeReign() {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        inRing().execute(() -> ring.takeLeave(reply));
        return reply;
    }

    /**
     * Before a part of the cluster leaves: from now on it decides nothing, and leaves a primary elsewhere alone. It still renews leases
     * until it is closed.
     */
    public CompletableFuture<Boolean> retire() {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        inRing().execute(() -> ring.retire(done));
        return closed ? CompletableFuture.completedFuture(true) : done;
    }

    @Override
    public void close() {
        closed = true;
        beat.cancel();
        ring.bulletin().silence(Optional.empty());
        thread.shutdown();
        disk.shutdown();
        teller.shutdown();
    }
}
