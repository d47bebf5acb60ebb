package com.foobar.database.coordinator;

import com.foobar.database.decide.Action;
import com.foobar.database.decide.Governor;
import com.foobar.database.decide.NodeOrder;
import com.foobar.database.decide.Purges;
import com.foobar.database.decide.Sight;
import com.foobar.database.model.Certificate;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.ClusterView;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Refusal;
import com.foobar.database.model.Term;
import com.foobar.database.node.NodeDesk;
import com.foobar.database.node.Obeyed;
import com.foobar.kernel.time.Time;
import com.foobar.quorum.Quorum;
import com.foobar.quorum.Standing;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observe, decide, act, on one thread. Every answer from outside comes back as a task of the ring; nothing here waits. A coordinator that
 * lost its lease stands still and keeps its memory, as the lease may come back under the same term; a new term begins from the record.
 */
final class Ring implements Mandate.Heir {
    private static final Logger LOG = LoggerFactory.getLogger(Ring.class);

    /** Drains and switchovers want to see changes soon, but a node that is looked at without a pause applies nothing. */
    private static final Duration SOON = Duration.ofMillis(8);

    /** Between two looks for binary logs that nobody needs: less than a full disk takes to fill. */
    private static final Duration PURGES = Duration.ofSeconds(30);

    private final CoordinatorPlan plan;
    private final Mandate mandate;
    private final Time time;
    private final Executor ring;
    private final Eyes eyes;
    private final Dispatch dispatch;
    private final Chronicle chronicle;
    private final Certificates certificates;
    private final Publisher publisher;
    private final Counts counts;

    private volatile CoordinatorStatus status;

    private Governor governor = Governor.fresh(Term.NONE);
    private @Nullable Petition petition;
    private @Nullable Farewell farewell;
    private @Nullable Certificate lastCertificate;
    private Moment purgedAt;
    private Moment lookedAtAll;
    private boolean lookPlanned;
    private boolean retired;

    Ring(
            CoordinatorPlan plan,
            Collection<? extends NodeDesk> nodes,
            Quorum quorum,
            Time time,
            Executor ring,
            Executor disk,
            Executor teller) {
        Moment now = new Moment(time.nanos());
        this.plan = plan;
        this.mandate = new Mandate(plan, quorum, time, ring, this);
        this.time = time;
        this.ring = ring;
        this.lookedAtAll = now;
        this.purgedAt = now;
        this.counts = new Counts();
        this.eyes = new Eyes(nodes, ring, now, this::isMidway, this::turn);
        this.dispatch = new Dispatch(nodes, ring, time, this::heard);
        this.chronicle = new Chronicle(counts::stage, counts::refused);
        this.certificates = new Certificates(plan.folder(), disk, ring, time, this::turn);
        this.publisher = new Publisher(new Bulletin(plan, this::leadsNow, teller, time));
        this.status = new CoordinatorStatus(
                plan.name(), false, Term.NONE, Optional.empty(), null, eyes.view(now), null, "starting", null, null);
    }

    Tenure tenure() {
        return mandate.tenure();
    }

    CoordinatorStatus status() {
        return status;
    }

    Counts counts() {
        return counts;
    }

    Eyes eyes() {
        return eyes;
    }

    Bulletin bulletin() {
        return publisher.bulletin();
    }

    /** For any thread. */
    boolean leadsNow() {
        return mandate.holdsNow();
    }

    private void heard(NodeOrder order, Obeyed obeyed) {
        if (petition != null) {
            petition.heard(order, obeyed);
        }
        eyes.lookAtAll(now());
    }

    private boolean isMidway(NodeView seen) {
        return dispatch.isMidway(seen, now(), plan.tempo().repeat().multipliedBy(Dispatch.PATIENT));
    }

    private Moment now() {
        return new Moment(time.nanos());
    }

    /** The regular beat. */
    void tick() {
        Moment now = now();
        mandate.tick();
        if (leadsNow()) {
            eyes.tick(now, plan.tempo().lookBound());
            turn();
        } else {
            standAside();
        }
    }

    /** Something was noticed at a node. */
    void noticed() {
        if (leadsNow()) {
            eyes.lookAtAll(now());
        }
    }

    @Override
    public void begins(Term term, boolean isNew) {
        Moment now = now();
        if (isNew) {
            LOG.info("Coordinator {} leads in {}", plan.name(), term);
            governor = Governor.fresh(term);
            eyes.forget(now);
            chronicle.forget();
        }
        eyes.lookAtAll(now);
    }

    @Override
    public void learned() {
        eyes.lookAtAll(now()); // views older than the record are no good for repairs
    }

    @Override
    public void unreadable(String why) {
        chronicle.notice(why);
    }

    @Override
    public void written(Action.Write write) {
        if (write.next().epoch().isAfter(write.expected().epoch())) {
            counts.crowned();
        }
        chronicle.written(write);
    }

    private void standAside() {
        Standing standing = mandate.standing();
        if (mandate.isOver()) {
            LOG.info(
                    "Coordinator {} does not lead any more{}",
                    plan.name(),
                    standing.leader().map(who -> ": " + who + " does").orElse(""));
            publisher.bulletin().silence(standing.leader());
            endPetition(Reply.refused("this coordinator was deposed on the way: see the status of the one that leads"));
            if (farewell != null) {
                farewell.end(Reply.refused("this coordinator does not lead"));
            }
        }
        status = new CoordinatorStatus(
                plan.name(),
                false,
                tenure().term(),
                standing.leader(),
                tenure().record(),
                ClusterView.empty(now()),
                null,
                "follows",
                null,
                lastCertificate);
    }

    @Override
    public void turn() {
        Moment now = now();
        Tenure held = tenure();
        if (!held.holds(now, plan.tempo().lease()) || !eyes.hasSeenAll()) {
            return;
        }
        ClusterRecord record = held.record();
        if (record == null) {
            found(held);
            return;
        }
        ClusterView view = eyes.view(now);
        dispatch.settle(view, now, plan.tempo().look(), plan.tempo().repeat());
        Sight sight = sight(held, record, view, now);
        if (farewell != null) {
            act(farewell.turn(sight), held, null, now);
            publisher.publish(sight, true, held.term());
            return;
        }
        if (retired) {
            return;
        }
        Governor.Turn turn = governor.turn(sight);
        governor = turn.next();
        chronicle.tell(turn, view, now);
        // Before the actions: a switchover's writers are asked to wait before its primary is told to stop.
        publisher.publish(sight, turn);
        act(turn.actions(), held, turn.certificate(), now);
        judge(sight, turn);
        purge(sight, turn, held, now);
        status = status(sight, turn, held);
    }

    private void purge(Sight sight, Governor.Turn turn, Tenure held, Moment now) {
        boolean busy = turn.next().failover() != null || turn.next().switchover() != null || petition != null;
        if (!busy && now.since(purgedAt).compareTo(PURGES) >= 0) {
            purgedAt = now;
            Purges.orders(sight)
                    .forEach(order -> dispatch.send(held.term(), sight.record().version(), order, now));
        }
    }

    private Sight sight(Tenure held, ClusterRecord record, ClusterView view, Moment now) {
        return new Sight(
                now,
                held.term(),
                true,
                Objects.requireNonNull(held.confirmed(), "a held lease was confirmed"),
                record,
                held.recordSince(),
                view,
                plan.policy(),
                petition == null ? null : petition.wish());
    }

    private CoordinatorStatus status(Sight sight, Governor.Turn turn, Tenure held) {
        String activity = turn.next().failover() != null
                ? "failover: " + turn.next().failover().stage()
                : turn.next().switchover() != null ? "switchover" : "watches";
        return new CoordinatorStatus(
                plan.name(),
                true,
                held.term(),
                Optional.of(plan.name()),
                sight.record(),
                sight.view(),
                turn.finding(),
                sight.record().maintenance() ? "maintenance, " + activity : activity,
                turn.refusal(),
                lastCertificate);
    }

    private void found(Tenure held) {
        if (held.stored() != 0 || mandate.isWriting()) {
            return; // there is a record, but not one that can be read
        }
        Founding founding = Founding.of(plan.cluster(), plan.addresses().keySet(), eyes.view(now()), plan.policy());
        ClusterRecord first = founding.record();
        if (first == null) {
            chronicle.notice(
                    "The cluster " + plan.cluster() + " cannot begin yet: " + String.join("; ", founding.objections()));
        } else {
            mandate.write(new Action.Write(first, first, "the cluster begins at " + first.floor()), held);
        }
    }

    private void act(List<Action> actions, Tenure held, @Nullable Certificate proof, Moment now) {
        long version = Objects.requireNonNull(held.record()).version();
        for (Action action : actions) {
            if (action instanceof NodeOrder order) {
                dispatch.send(held.term(), version, order, now);
            } else if (action instanceof Action.Write write) {
                writeProven(write, held, proof, now);
            } else if (action instanceof Action.ConfirmLease) {
                mandate.confirm();
            } else if (action instanceof Action.Look) {
                lookSoon(now);
            }
        }
    }

    private void lookSoon(Moment now) {
        if (now.since(lookedAtAll).compareTo(SOON) >= 0) {
            lookedAtAll = now;
            eyes.lookAtAll(now);
        } else if (!lookPlanned) {
            lookPlanned = true;
            Time.Timeout unused = time.after(
                    SOON,
                    () -> ring.execute(() -> {
                        lookPlanned = false;
                        lookedAtAll = now();
                        eyes.lookAtAll(lookedAtAll);
                    }));
        }
    }

    /** The certificate is on the disk before the crown is written, which cannot be taken back. */
    private void writeProven(Action.Write write, Tenure held, @Nullable Certificate proof, Moment now) {
        boolean crowns = write.next().epoch().isAfter(write.expected().epoch());
        if (crowns && proof != null) {
            lastCertificate = proof;
            if (!certificates.isKept(proof, now, plan.policy().patience())) {
                return;
            }
        }
        if (write.expected().equals(held.record())) {
            mandate.write(write, held);
        }
    }

    private void judge(Sight sight, Governor.Turn turn) {
        Petition asked = petition;
        if (asked == null) {
            return;
        }
        asked.judge(sight, turn);
        if (asked.isOver()) {
            petition = null;
        } else if (asked.request() instanceof Petition.Request.Maintenance wanted
                && turn.actions().stream().noneMatch(Action.Write.class::isInstance)) {
            ClusterRecord record = sight.record();
            mandate.write(
                    new Action.Write(record, record.inMaintenance(wanted.on()), "maintenance " + wanted.on()),
                    tenure());
        }
    }

    private void endPetition(Reply reply) {
        if (petition != null) {
            petition.answer(reply);
            petition = null;
        }
    }

    void ask(Petition asked, boolean dryRun) {
        ClusterRecord record = tenure().record();
        Moment now = now();
        if (!leadsNow() || record == null || !eyes.hasSeenAll() || retired) {
            String leader =
                    mandate.standing().leader().map(who -> "; ask " + who).orElse("");
            asked.answer(Reply.refused("this coordinator does not lead, or has not seen all nodes yet" + leader));
            return;
        }
        Sight sight = sight(tenure(), record, eyes.view(now), now);
        Refusal objection = Petition.objection(asked.request(), sight);
        if (dryRun) {
            asked.answer(Reply.of(Petition.plan(asked.request(), sight)));
        } else if (objection != null) {
            asked.answer(Reply.refused(objection.toString()));
        } else if (petition != null) {
            asked.answer(Reply.refused("something else is under way: " + petition.request()));
        } else {
            LOG.info("Asked for {}", asked.request());
            asked.begin(sight);
            petition = asked;
            turn();
        }
    }

    void retire(CompletableFuture<Boolean> done) {
        retired = true;
        boolean unused = done.complete(true);
    }

    void takeLeave(CompletableFuture<Reply> reply) {
        retired = true;
        if (!leadsNow() || tenure().record() == null || governor.failover() != null) {
            boolean unused = reply.complete(Reply.refused(
                    "the record stays as it is: this coordinator does not lead" + " a cluster in good order"));
            return;
        }
        farewell = new Farewell(reply);
        turn();
    }
}
