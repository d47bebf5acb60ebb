package com.foobar.database.keeper;

import com.foobar.database.act.Bounds;
import com.foobar.database.act.Following;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Moment;
import com.foobar.database.node.LeaseAnswer;
import com.foobar.database.node.LeaseDesk;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the lease, and when it runs out ends what must not go on without: a server that takes writes by SIGKILL, for nothing softer is
 * sure; a replica's receiver by asking, and by SIGKILL where that is not done in time. Both before the lease ends, not after: from its
 * end on others rely on it.
 */
final class LeaseWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseWatch.class);

    /** Looks at the clock in one lease. */
    private static final int TICKS = 40;

    private static final int RENEWALS = 3;

    /** So near its end a replica is asked to stop receiving. */
    private static final double ASK = 0.25;

    /** So near its end a server is killed: what a timer may be late by, and a process may take to die. */
    private static final double KILL = 0.1;

    private final KeeperPlan plan;
    private final HostPort at;
    private final Station station;
    private final LeaseDesk desk;
    private final Time time;
    private final Time.Timeout ticking;
    private final ExecutorService stopper;

    // Guarded by this object's lock.
    private Lease lease;
    private Moment renewAt;
    private int unanswered;
    private @Nullable Moment stopAskedAt;
    private boolean stopping;
    private boolean closed;
    private final CompletableFuture<Boolean> heard = new CompletableFuture<>();
    private String killed = "";

    LeaseWatch(KeeperPlan plan, HostPort at, Station station, LeaseDesk desk, Time time) {
        this.plan = plan;
        this.at = at;
        this.station = station;
        this.desk = desk;
        this.time = time;
        this.lease = Lease.none(station.notes().term(), station.notes().version());
        this.renewAt = now();
        // One stop under way is enough; another asked for meanwhile would wait for the same server.
        this.stopper = new ThreadPoolExecutor(
                0,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(1),
                Threads.named(plan.name().text(), "lease"));
        this.ticking = time.every(plan.limits().lease().dividedBy(TICKS), this::tick);
    }

    private Moment now() {
        return new Moment(time.nanos());
    }

    synchronized Lease lease() {
        return lease;
    }

    /** A coordinator that leads has answered since this keeper began. */
    boolean hasHeard() {
        return heard.isDone();
    }

    /** For a server that was found running: it may be the rightful primary, which the first answer tells. */
    void awaitNews() throws InterruptedException {
        try {
            Boolean unused = heard.get(plan.limits().lease().dividedBy(2).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.info("{} has heard of no coordinator yet", plan.name());
        } catch (ExecutionException e) {
            throw new IllegalStateException("news never fails", e);
        }
    }

    /** The clock is looked at first: the whole process may have stood still, and the lease have run out in its sleep. */
    boolean holds() {
        enforce();
        return lease().holds(now());
    }

    void tick() {
        enforce();
        boolean due;
        synchronized (this) {
            due = !closed && !now().isBefore(renewAt) && unanswered < RENEWALS;
        }
        if (due) {
            renew();
        }
    }

    void renew() {
        Moment asked = now();
        Epoch reign = station.reign();
        synchronized (this) {
            renewAt = asked.plus(plan.limits().lease().dividedBy(RENEWALS));
            unanswered++;
        }
        // A copy with a limit: a desk that forgets a question must not use up the questions there may be.
        CompletableFuture<LeaseAnswer> limited =
                ask(reign).copy().orTimeout(plan.limits().lease().toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<LeaseAnswer> unused = limited.whenComplete((answer, failed) -> {
            synchronized (this) {
                unanswered--;
            }
            if (answer != null) {
                take(answer, asked, reign);
            }
        });
    }

    private CompletableFuture<LeaseAnswer> ask(@Nullable Epoch reign) {
        try {
            return desk.renew(plan.name(), reign);
        } catch (RuntimeException e) {
            LOG.error("{} could not ask for its lease", plan.name(), e);
            return CompletableFuture.completedFuture(new LeaseAnswer.Unanswered(e.toString()));
        }
    }

    private void take(LeaseAnswer answer, Moment asked, @Nullable Epoch reign) {
        enforce();
        if (answer instanceof LeaseAnswer.Granted granted) {
            boolean sameReign = Objects.equals(reign, station.reign()) || station.reign() == null;
            synchronized (this) {
                if (closed || lease.isOutdatedBy(granted.term(), granted.version())) {
                    return;
                }
                boolean unused = heard.complete(true);
                if (!lease.holds(now()) && sameReign) {
                    LOG.info("{} holds a lease of {} in {}", plan.name(), granted.length(), granted.term());
                }
                lease = lease.granted(granted, asked, sameReign);
                stopAskedAt = null;
            }
        } else if (answer instanceof LeaseAnswer.Barred barred) {
            synchronized (this) {
                if (closed || lease.isOutdatedBy(barred.term(), barred.version())) {
                    return;
                }
                boolean unused = heard.complete(true);
                lease = lease.takenBack(barred.term(), barred.version());
            }
            enforce();
        }
    }

    /** Ends what the lease does not cover any more. Quick and repeated: whatever does not end is told again at the next tick. */
    private void enforce() {
        Moment now = now();
        boolean ask;
        boolean kill;
        synchronized (this) {
            if (closed) {
                return;
            }
            ask = (lease.barred() || lease.endsWithin(ASK, now)) && station.mayReceive();
            if (ask && stopAskedAt == null) {
                stopAskedAt = now;
            }
            // Without a lease at all there is no end to count from: then from the first request on.
            boolean deaf = stopAskedAt != null && now.since(stopAskedAt).compareTo(patience()) >= 0;
            boolean over = lease.endsWithin(KILL, now);
            kill = ((lease.barred() || over) && station.mayWrite()) || (ask && over && deaf);
            if (!ask) {
                stopAskedAt = null;
            }
        }
        Station.Running running = station.running();
        if (kill && running != null) {
            kill(running);
        } else if (ask && running != null) {
            stopReceiver(running);
        }
    }

    private void kill(Station.Running running) {
        running.life().kill();
        boolean first;
        synchronized (this) {
            first = !running.boot().id().equals(killed);
            killed = running.boot().id();
        }
        if (first) {
            LOG.warn("{} has no lease any more: its server is killed", plan.name());
        }
    }

    private Duration patience() {
        return Duration.ofNanos((long) (plan.limits().lease().toNanos() * (ASK - KILL)));
    }

    private void stopReceiver(Station.Running running) {
        synchronized (this) {
            if (stopping) {
                return;
            }
            stopping = true;
        }
        try {
            stopper.execute(() -> stopNow(running));
        } catch (RejectedExecutionException e) {
            // Closing: the server ends with it.
            synchronized (this) {
                stopping = false;
            }
        }
    }

    private void stopNow(Station.Running running) {
        try (NodeSession session = NodeSession.open(plan.target(at), new Bounds(patience(), patience()))) {
            long changes = station.changes();
            Following.stopReceiver(session);
            if (running.equals(station.running()) && station.changes() == changes) {
                station.receivesNot();
            }
            LOG.info("{} has no lease any more: it receives nothing", plan.name());
        } catch (NodeFailure e) {
            LOG.warn("{} has no lease any more and does not stop receiving: {}", plan.name(), e.getMessage());
        } finally {
            synchronized (this) {
                stopping = false;
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        ticking.cancel();
        stopper.shutdownNow();
    }
}
