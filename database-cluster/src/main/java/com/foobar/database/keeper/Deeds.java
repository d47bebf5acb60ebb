package com.foobar.database.keeper;

import com.foobar.database.act.Demotion;
import com.foobar.database.act.Drain;
import com.foobar.database.act.Drained;
import com.foobar.database.act.Following;
import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.act.Promotion;
import com.foobar.database.decide.NodeOrder;
import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.dialect.Position;
import com.foobar.database.dialect.Receiver;
import com.foobar.database.dialect.Receiver.Threads;
import com.foobar.database.embedded.Stopped;
import com.foobar.database.model.Boot;
import com.foobar.database.model.Generation;
import com.foobar.database.node.Obeyed;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What each order does. On one thread, one after the other; that an order is not too old was checked before. */
final class Deeds {

    private static final Logger LOG = LoggerFactory.getLogger(Deeds.class);
    private static final Duration DEATH = Duration.ofSeconds(30);

    private final KeeperPlan plan;
    private final Server server;
    private final Station station;
    private final LeaseWatch lease;
    private final Runnable news;
    private final Time time;

    /** A fence that came while a server was being made: it is not started then. Written by any thread. */
    private volatile boolean fenced;

    /** Read by whoever hears of the end of a server. */
    private volatile boolean leaving;

    Deeds(KeeperPlan plan, Server server, Station station, LeaseWatch lease, Runnable news, Time time) {
        this.plan = plan;
        this.server = server;
        this.station = station;
        this.lease = lease;
        this.news = news;
        this.time = time;
    }

    /** From now on the end of its server is no news. */
    void leave() {
        leaving = true;
    }

    /** The signal alone, from any thread: it must not wait for an order that waits for the very server. */
    void fenceNow() {
        fenced = true;
        Station.Running running = station.running();
        if (running != null) {
            running.life().kill();
        }
    }

    Obeyed carryOut(NodeOrder order) throws InterruptedException {
        try {
            if (order instanceof NodeOrder.Fence) {
                return fence();
            } else if (order instanceof NodeOrder.Start start) {
                return start(start);
            } else if (order instanceof NodeOrder.Reprovision anew) {
                return reprovision(anew);
            }
            Station.Running running = station.running();
            if (running == null) {
                return refused("its server does not run");
            }
            return toServer(order, running);
        } catch (NodeFailure | IOException e) {
            return new Obeyed(false, String.valueOf(e.getMessage()));
        } catch (StartFailure e) {
            return new Obeyed(false, e.getMessage() + "; " + e.cure());
        } catch (IllegalArgumentException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    private Obeyed toServer(NodeOrder order, Station.Running running) throws NodeFailure, IOException {
        try (NodeSession session = NodeSession.open(plan.target(server.at()), plan.orderBounds())) {
            if (order instanceof NodeOrder.StopReceiver) {
                return stopReceiver(session);
            } else if (order instanceof NodeOrder.Promote promote) {
                return promote(promote, session, running);
            } else if (order instanceof NodeOrder.Follow follow) {
                return follow(follow, session, running);
            } else if (order instanceof NodeOrder.Demote) {
                Position last = Demotion.closeWrites(session, plan.limits().demotion());
                return done("takes no writes any more; its last is " + last);
            } else if (order instanceof NodeOrder.WaitForAcks wait) {
                Promotion.waitForAcks(session, wait.needed());
                return done(wait.needed() ? "waits for acknowledgements" : "answers alone");
            }
            throw new IllegalArgumentException("no order to a server: " + order);
        }
    }

    private static Obeyed done(String what) {
        return new Obeyed(true, what);
    }

    private static Obeyed refused(String why) {
        return new Obeyed(false, "refused: " + why);
    }

    private Obeyed fence() throws InterruptedException {
        Station.Running running = station.running();
        if (running == null) {
            return done("its server does not run");
        }
        running.life().kill();
        boolean ended = running.life().awaitEnd(DEATH);
        return ended
                ? done("killed")
                : new Obeyed(false, "it lives " + DEATH.toSeconds() + " s after SIGKILL: the disk under it may hang");
    }

    /**
     * The first start, before any order: a new life acknowledges nothing, so that it can begin at once. Only not after a reign that ended
     * without order: if its tail were kept now, what nobody acknowledged would be in the data for good, and once somebody else reigns all
     * of it had to be provisioned anew.
     */
    Obeyed startFirst() throws StartFailure, InterruptedException, IOException {
        Optional<Life> found = server.found();
        if (found.isPresent()) {
            return takeOn(found.get());
        }
        if (station.notes().inOffice()) {
            LOG.warn(
                    "{} died in office, in {}: it is started when the coordinator knows what its tail is worth",
                    plan.name(),
                    station.notes().reign());
            return done("waits for the order to start, for it died in office");
        }
        return begin(Boot.Tail.KEPT);
    }

    private Obeyed takeOn(Life life) throws InterruptedException, IOException {
        lease.awaitNews();
        Station.Running taken = station.takeOn(life, seen());
        watch(taken);
        LOG.info(
                "{} runs already and is taken on as {}",
                plan.name(),
                taken.boot().id());
        news.run();
        return done("taken on as " + taken.boot().id());
    }

    /**
     * A server that waits read-only for its cluster to begin must not be killed for want of a lease, which nobody grants before that. One that
     * does not say may do anything.
     */
    private Station.Freedom seen() {
        try (NodeSession session = NodeSession.open(plan.target(server.at()), plan.lookBounds())) {
            NodeStatus status = session.status();
            return new Station.Freedom(!status.readOnly(), Reading.receives(status));
        } catch (NodeFailure e) {
            LOG.warn("{} was found and does not say what it does: {}", plan.name(), e.getMessage());
            return Station.Freedom.ANY;
        }
    }

    private Obeyed start(NodeOrder.Start order) throws StartFailure, InterruptedException, IOException {
        boolean cut = order.tail() == Boot.Tail.TRUNCATED;
        if (cut && !order.epoch().isAfter(station.notes().reign())) {
            return refused("its tail may hold what was acknowledged: it reigned in "
                    + station.notes().reign() + ", and nobody since, by an order of " + order.epoch());
        }
        fenced = false;
        Station.Running running = station.running();
        Optional<Life> found = running == null ? server.found() : Optional.empty();
        if (found.isPresent()) {
            // Started by somebody else, its operator or a service manager.
            Obeyed unused = takeOn(found.get());
            running = station.running();
        }
        if (running == null) {
            return begin(order.tail());
        }
        if (!cut || running.boot().tail() == Boot.Tail.TRUNCATED) {
            return done("runs already");
        }
        if (station.mayWrite()) {
            return refused("it takes writes: only a read-only server is restarted");
        }
        running.life().kill();
        if (!running.life().awaitEnd(DEATH)) {
            return new Obeyed(false, "it lives " + DEATH.toSeconds() + " s after SIGKILL: the disk under it may hang");
        }
        return begin(order.tail());
    }

    private Obeyed begin(Boot.Tail tail) throws StartFailure, InterruptedException, IOException {
        station.starting(true);
        try {
            release();
            if (fenced) {
                return refused("it was fenced");
            }
            // Data that vanished took its tail along: what it proves must not be more than what was cut.
            boolean lost = server.isEmpty() && station.notes().boots() > 0;
            Station.Running begun = station.begin(started(tail), lost ? Boot.Tail.TRUNCATED : tail);
            watch(begun);
            if (fenced) {
                begun.life().kill();
            }
            LOG.info("{} runs, read-only, as {}", plan.name(), begun.boot().id());
            return done("started as " + begun.boot().id());
        } finally {
            station.starting(false);
            news.run();
        }
    }

    /**
     * A tail with a change of tables in it cannot be cut off: the server refuses to start. With it whole it starts, and claims no more than if
     * it were cut: where it differs from the primary it is provisioned anew.
     */
    private Life started(Boot.Tail tail) throws StartFailure, InterruptedException {
        if (tail == Boot.Tail.KEPT) {
            return server.start(tail);
        }
        try {
            return server.start(tail);
        } catch (StartFailure e) {
            LOG.warn(
                    "{} does not start with its tail cut off, so it starts with it whole: {}",
                    plan.name(),
                    e.getMessage());
            return server.start(Boot.Tail.KEPT);
        }
    }

    private void release() {
        Station.Running last = station.last();
        if (last != null) {
            last.life().release();
        }
    }

    private void watch(Station.Running running) {
        CompletableFuture<String> unused = running.life().ended().whenComplete((why, failed) -> {
            LOG.atLevel(leaving ? Level.DEBUG : Level.WARN).log("The server of {} has ended: {}", plan.name(), why);
            news.run();
        });
    }

    private Obeyed stopReceiver(NodeSession session) throws NodeFailure {
        NodeStatus status = session.status();
        boolean applies = status.receiver().map(Receiver::applying).orElse(true);
        if (!applies && Reading.receives(status)) {
            // Afterwards would be too late: started while nothing is received it forgets what it has not applied.
            try {
                Following.startApplier(session);
            } catch (NodeFailure e) {
                LOG.warn("{} does not apply: {}", plan.name(), e.getMessage());
            }
        }
        Following.stopReceiver(session);
        return done("receives nothing");
    }

    private Obeyed promote(NodeOrder.Promote order, NodeSession session, Station.Running running)
            throws NodeFailure, IOException {
        if (!running.boot().id().equals(order.boot())) {
            return refused(
                    "this is another life of the server, " + running.boot().id() + " and not " + order.boot());
        }
        if (station.notes().reign().isAfter(order.epoch())) {
            return refused("it has reigned in " + station.notes().reign() + " already");
        }
        NodeStatus status = session.status();
        if (!status.readOnly()) {
            return station.notes().reign().equals(order.epoch())
                    ? done("reigns already")
                    : refused("it takes writes for " + station.notes().reign());
        }
        if (!Reading.applied(status).covers(order.atLeast())) {
            return refused(
                    "it has applied " + Reading.applied(status) + " only, and " + order.atLeast() + " is needed");
        }
        Drained drained = Drain.run(session, status.received(), plan.limits().drain(), time);
        if (!lease.holds()) {
            return refused("it has no lease");
        }
        station.beginReign(order.epoch());
        // Noting takes a moment on a slow disk; behind this line nothing does.
        if (!lease.holds()) {
            return refused("it has no lease any more");
        }
        NodeStatus now = Promotion.promote(session, drained);
        lease.renew();
        boolean unused = lease.holds();
        return done("reigns in " + order.epoch() + " from " + now.applied());
    }

    private Obeyed follow(NodeOrder.Follow order, NodeSession session, Station.Running running)
            throws NodeFailure, IOException {
        Generation present = station.notes().generation();
        if (present.equals(order.as())) {
            return done("follows already");
        }
        Generation next = present.next(running.boot().id(), order.as().followed());
        if (!next.equals(order.as())) {
            return refused("its next generation is " + next + " and not " + order.as());
        }
        NodeStatus status = session.status();
        if (!status.readOnly()) {
            return refused("it takes writes");
        }
        if (!lease.holds()) {
            return refused("it has no lease");
        }
        if (status.semiSync().asSource()) {
            Demotion.toReplica(session);
        }
        station.beginFollowing(order.as());
        Following.resume(session, plan.source(order.source()));
        boolean unused = lease.holds();
        station.follows(session.status().receiver().map(Receiver::threads).orElse(Threads.NONE));
        return done("follows " + order.source() + " as " + order.as());
    }

    private Obeyed reprovision(NodeOrder.Reprovision order)
            throws NodeFailure, StartFailure, InterruptedException, IOException {
        if (station.mayWrite()) {
            return refused("it takes writes");
        }
        if (order.source().equals(plan.name())) {
            return refused("it cannot be provisioned from itself");
        }
        // Asked first: a source that does not answer must not cost this node its data.
        String held;
        try (NodeSession source = NodeSession.open(plan.target(plan.address(order.source())), plan.orderBounds())) {
            held = source.status().history().recorded().text();
        }
        fenced = false;
        station.starting(true);
        try {
            Station.Running running = station.running();
            if (running != null && running.life().stop(plan.limits().stop()) == Stopped.NOT_YET) {
                return new Obeyed(false, "its server does not end");
            }
            release();
            String kept = server.provisionAnew(plan.dumpSource(order.source()), held);
            LOG.warn("{} was provisioned anew from {}; {}", plan.name(), order.source(), kept);
            Obeyed begun = begin(Boot.Tail.KEPT);
            return new Obeyed(begun.done(), kept + "; " + begun.detail());
        } finally {
            station.starting(false);
            news.run();
        }
    }
}
