package com.foobar.database.keeper;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.embedded.Stopped;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Stamp;
import com.foobar.database.node.LeaseDesk;
import com.foobar.database.node.NodeDesk;
import com.foobar.database.node.Obeyed;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent of one database node, in its own process. Orders are admitted where they arrive, by their stamp, and carried out one after
 * the other on one thread; only the signal of a fence overtakes. No caller ever waits.
 */
public final class Keeper implements NodeDesk {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    /** A coordinator repeats its orders until it sees their effect: beyond this many they are the same ones. */
    private static final int MOST_WAITING = 64;

    private static final Duration FIRST_START_AGAIN = Duration.ofSeconds(5);

    private final KeeperPlan plan;
    private final Server server;
    private final Station station;
    private final Notebook notebook;
    private final LeaseWatch lease;
    private final Probe probe;
    private final Deeds deeds;
    private final LogPurge purge;
    private final Time time;
    private final ThreadPoolExecutor orders;
    private final List<Runnable> signals = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> started = new CompletableFuture<>();

    // Guarded by this object's lock.
    private Stamp admitted;
    private final Set<NodeOrder> waiting = new HashSet<>();
    /** By their stamps, no two of which are admitted. */
    private final Map<Stamp, CompletableFuture<Obeyed>> unanswered = new HashMap<>();

    private boolean closed;

    /**
     * Begins at once: its server is started read-only, following nobody; see {@link #started}.
     *
     * @param desk where the lease is renewed
     * @param time its timer should be this keeper's alone, because the lease depends on its being punctual
     */
    public static Keeper open(KeeperPlan plan, Server server, LeaseDesk desk, Time time) throws StartFailure {
        if (!plan.dialect().equals(Dialects.MARIADB)) {
            throw new StartFailure(
                    plan.name() + " is a " + plan.dialect().name()
                            + " server, whose positions the decisions cannot compare yet",
                    "use MariaDB from 10.6 on");
        }
        Keeper keeper = new Keeper(plan, server, desk, time, Notebook.open(plan.notes(), plan.cluster()));
        keeper.station.starting(true);
        keeper.orders.execute(() -> keeper.startFirst(""));
        return keeper;
    }

    private Keeper(KeeperPlan plan, Server server, LeaseDesk desk, Time time, Notebook notebook) {
        this.plan = plan;
        this.server = server;
        this.notebook = notebook;
        this.station = new Station(notebook);
        this.admitted = notebook.now().obeyed();
        this.probe = new Probe(plan, server.at(), station, time);
        this.lease = new LeaseWatch(plan, server.at(), station, desk, time);
        this.deeds = new Deeds(plan, server, station, lease, this::signal, time);
        this.purge = new LogPurge(plan, server.at(), time);
        this.time = time;
        this.orders = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Threads.named(plan.name().text(), "order"));
    }

    @Override
    public NodeName name() {
        return plan.name();
    }

    public HostPort at() {
        return server.at();
    }

    /**
     * Completes with words when the server answers for the first time, or waits for an order to be started because it died in office; fails
     * with a {@link StartFailure} when it does not answer. It is tried again until there are orders.
     */
    public CompletableFuture<String> started() {
        return started.copy();
    }

    /**
     * @param before why it failed before; empty at the first attempt, whose failure {@link #started} tells
     */
    private void startFirst(String before) {
        String words = "";
        Exception failed = null;
        try {
            words = deeds.startFirst().detail();
        } catch (IOException e) {
            failed = new StartFailure(
                    "the notes of the node's keeper in " + plan.notes() + " cannot be written: " + e,
                    "free some space there, and make it writable for the user that runs this",
                    e);
        } catch (InterruptedException e) {
            failed = new StartFailure("the start of " + plan.name() + " was interrupted", "start again", e);
        } catch (StartFailure | RuntimeException e) {
            failed = e;
        }
        // Before anybody hears of it: who then looks must not see it starting still.
        station.starting(false);
        boolean unused = failed == null ? started.complete(words) : started.completeExceptionally(failed);
        lease.tick();
        signal();
        if (failed != null) {
            String why = String.valueOf(failed.getMessage());
            if (!before.isEmpty() && !before.equals(why)) {
                LOG.warn("{} still does not start: {}", plan.name(), why);
            }
            startFirstLater(why);
        }
    }

    /** A cluster that has not begun waits for every server, and nobody orders one to be started before. */
    private void startFirstLater(String why) {
        Time.Timeout unused = time.after(FIRST_START_AGAIN, () -> {
            synchronized (this) {
                if (!closed && admitted.equals(Stamp.NONE)) {
                    station.starting(true);
                    orders.execute(() -> startFirst(why));
                }
            }
        });
    }

    @Override
    public CompletableFuture<NodeView> look() {
        return probe.look();
    }

    /** Its server shall not be primary, or may be again: whoever leads sees it at the next look and hands over. */
    public void leave(boolean now) {
        LOG.info(now ? "{} shall not be primary any more" : "{} may be primary again", plan.name());
        probe.leaving(now);
        signal();
    }

    @Override
    public void onSignal(Runnable task) {
        signals.add(task);
    }

    private void signal() {
        for (Runnable task : signals) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("Whoever was told of news of {} failed", plan.name(), e);
            }
        }
    }

    @Override
    public CompletableFuture<Obeyed> order(Stamp stamp, NodeOrder order) {
        if (order instanceof NodeOrder.Purge old) {
            // Not in turn and not by its stamp: what everybody had once they still have, and a failover must not wait
            // for it.
            return station.running() == null || !order.node().equals(plan.name())
                    ? CompletableFuture.completedFuture(new Obeyed(true, "its server does not run"))
                    : purge.order(old);
        }
        CompletableFuture<Obeyed> answer = new CompletableFuture<>();
        String objection = admit(stamp, order);
        if (!objection.isEmpty()) {
            return CompletableFuture.completedFuture(new Obeyed(false, "refused: " + objection));
        }
        if (order instanceof NodeOrder.Fence) {
            deeds.fenceNow();
        }
        synchronized (this) {
            unanswered.put(stamp, answer);
        }
        try {
            orders.execute(() -> obey(stamp, order, answer));
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                waiting.remove(order);
                unanswered.remove(stamp);
            }
            boolean unused = answer.complete(new Obeyed(false, "its keeper has " + MOST_WAITING + " orders to do"));
        }
        return answer;
    }

    private synchronized String admit(Stamp stamp, NodeOrder order) {
        Lease heard = lease.lease();
        if (closed) {
            return "its keeper is being closed";
        }
        if (!order.node().equals(plan.name())) {
            return "this is " + plan.name() + ", the order is for " + order.node();
        }
        if (!admitted.admits(stamp, heard.version()) || stamp.term().compareTo(heard.term()) < 0) {
            return "an order of " + stamp + " is too old: " + admitted + " was obeyed, and the lease is of "
                    + heard.term() + " under version " + heard.version();
        }
        boolean knowsNothing = notebook.now().obeyed().equals(Stamp.NONE) && !lease.hasHeard() && heard.version() == 0;
        if (knowsNothing && !(order instanceof NodeOrder.Fence)) {
            return "its keeper has no notes and no lease yet: it could not tell an old order from a new one";
        }
        boolean newTerm = stamp.term().compareTo(admitted.term()) > 0;
        admitted = stamp;
        if (!waiting.add(order) && !newTerm) {
            return Obeyed.UNDER_WAY;
        }
        return "";
    }

    private void obey(Stamp stamp, NodeOrder order, CompletableFuture<Obeyed> answer) {
        Obeyed obeyed;
        try {
            obeyed = obeyInTurn(stamp, order);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            obeyed = new Obeyed(false, "its keeper is being closed");
        } catch (RuntimeException e) {
            LOG.error("{} failed at {}", plan.name(), order, e);
            obeyed = new Obeyed(false, "its keeper failed: " + e);
        } finally {
            synchronized (this) {
                waiting.remove(order);
                unanswered.remove(stamp);
            }
        }
        LOG.debug("{} {} {}: {}", order, stamp, obeyed.done() ? "done" : "not done", obeyed.detail());
        boolean unused = answer.complete(obeyed);
        signal();
    }

    private Obeyed obeyInTurn(Stamp stamp, NodeOrder order) throws InterruptedException {
        synchronized (this) {
            // While it waited a newer coordinator was heard.
            if (stamp.term().compareTo(admitted.term()) < 0
                    || stamp.version() < lease.lease().version()) {
                return new Obeyed(false, "refused: it was overtaken by " + admitted.term());
            }
        }
        boolean unused = lease.holds();
        try {
            Notes noted = notebook.note(notes -> notes.obeying(stamp)
                    .hearing(lease.lease().term(), lease.lease().version()));
            LOG.debug("{} obeys {}", plan.name(), noted.obeyed());
        } catch (IOException e) {
            // A fence needs no paper.
            if (!(order instanceof NodeOrder.Fence)) {
                return new Obeyed(false, "refused: it cannot be noted in " + plan.notes() + ": " + e);
            }
        }
        station.beginChange();
        try {
            return deeds.carryOut(order);
        } finally {
            station.endChange();
        }
    }

    private void rest() {
        try {
            Notes unused = notebook.note(Notes::atRest);
        } catch (IOException e) {
            LOG.warn("That {} ended in order could not be noted: {}", plan.name(), e.toString());
        }
    }

    /**
     * Shuts the server down, and kills it at the deadline. Who wants the record closed orders a {@link NodeOrder.Demote} before and reads
     * the position.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        deeds.leave();
        // Interrupts the order under way; a server that is just being started is then ended by whoever starts it.
        List<Runnable> dropped = orders.shutdownNow();
        LOG.debug("{} orders to {} were dropped", dropped.size(), plan.name());
        List<CompletableFuture<Obeyed>> open;
        synchronized (this) {
            open = List.copyOf(unanswered.values());
        }
        open.forEach(answer -> answer.complete(new Obeyed(false, "its keeper is being closed")));
        try {
            if (!orders.awaitTermination(plan.limits().stop().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("An order to {} does not end; its thread is abandoned", plan.name());
            }
            Station.Running running = station.last();
            if (running != null) {
                Stopped stopped = running.life().stop(plan.limits().stop());
                if (stopped == Stopped.CLEANLY) {
                    LOG.debug("The server of {} was stopped", plan.name());
                    rest();
                } else {
                    LOG.warn("The server of {} did not end in order: {}", plan.name(), stopped);
                }
                running.life().release();
            }
        } catch (InterruptedException e) {
            deeds.fenceNow();
            Thread.currentThread().interrupt();
        } finally {
            // Last: until its server has ended it is looked at, so that its end is seen as one, and the lease is
            // watched.
            probe.close();
            purge.close();
            lease.close();
            signal();
        }
    }
}
