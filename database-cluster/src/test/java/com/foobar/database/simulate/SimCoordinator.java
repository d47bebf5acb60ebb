package com.foobar.database.simulate;

import com.foobar.database.decide.Action;
import com.foobar.database.decide.Governor;
import com.foobar.database.decide.NodeOrder;
import com.foobar.database.decide.Sight;
import com.foobar.database.decide.Wish;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.ClusterView;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Receiver;
import com.foobar.database.model.Stamp;
import com.foobar.database.model.Term;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The observe and act rooms around the real {@link Governor}, over a network that lies. */
final class SimCoordinator {
    private static final long PROBE = 50;
    private static final long PROBE_TIMEOUT = 150;
    private static final long TURN = 20;
    private static final long RENEW = 150;

    /** A question that may get no answer. */
    private record Question(Moment asked) {}

    private final World world;
    private final int place;
    private final int number;
    private final long clockOffset;

    boolean up = true;
    private int life;
    private Governor governor = Governor.fresh(Term.NONE);
    private Term term = Term.NONE;
    private @Nullable ClusterRecord record;
    private Moment recordSince = new Moment(0);
    private Moment leaseConfirmed = new Moment(0);
    private long leaseUntil = Long.MIN_VALUE;
    private ClusterView view = ClusterView.empty(new Moment(0));
    private final Map<NodeName, Question> open = new TreeMap<>();
    private final Map<NodeName, Moment> failingSince = new TreeMap<>();
    private long probeAt;
    private long turnAt;
    private long renewAt;
    private long sequence;

    @Nullable
    Wish wish;

    long wishUntil;
    Governor.@Nullable Turn last;

    SimCoordinator(World world, int place, int number) {
        this.world = world;
        this.place = place;
        this.number = number;
        this.clockOffset = world.random().nextInt(1_000_000);
        this.turnAt = number * 7L;
    }

    void crash() {
        up = false;
        life++;
    }

    void start() {
        up = true;
        governor = Governor.fresh(Term.NONE);
        term = Term.NONE;
        record = null;
        leaseUntil = Long.MIN_VALUE;
        view = ClusterView.empty(clock());
        open.clear();
        failingSince.clear();
        world.quorum().forget(number);
    }

    private Moment clock() {
        return new Moment((world.now() + clockOffset) * 1_000_000L);
    }

    boolean leads() {
        return up && world.now() < leaseUntil;
    }

    void tick() {
        if (!up || world.net().frozen(place, world.now())) {
            return;
        }
        if (world.now() >= renewAt) {
            renewAt = world.now() + RENEW;
            renew();
        }
        if (!leads() || record == null) {
            return;
        }
        if (world.now() >= probeAt) {
            probeAt = world.now() + PROBE;
            probe();
        }
        if (world.now() >= turnAt) {
            turnAt = world.now() + TURN;
            turn();
        }
    }

    private void renew() {
        long asked = world.now();
        Moment askedAt = clock();
        int born = life;
        toQuorum(() -> {
            SimQuorum.Grant grant = world.quorum().lease(number);
            fromQuorum(() -> {
                if (born == life && up && grant.granted()) {
                    if (grant.term().compareTo(term) >= 0) {
                        term = grant.term();
                        leaseUntil = Math.max(leaseUntil, asked + SimQuorum.LEASE);
                        leaseConfirmed = askedAt;
                        learn(grant.record());
                    }
                }
            });
        });
    }

    private void learn(ClusterRecord news) {
        if (record == null || news.version() > record.version()) {
            record = news;
            recordSince = clock();
        }
    }

    private void probe() {
        Moment now = clock();
        for (SimNode node : world.nodes()) {
            Question question = open.get(node.name);
            if (question != null) {
                if (now.since(question.asked()).toMillis() < PROBE_TIMEOUT) {
                    continue;
                }
                see(new NodeView(
                        node.name, question.asked(), now, Reach.TIMED_OUT, Keeper.SILENT, question.asked(), null));
            }
            open.put(node.name, new Question(now));
            int born = life;
            world.net().send(world.now(), place, node.place, () -> {
                Stamp obeyed = world.keeper(node.place).obeyed();
                NodeView answer = node.view(now, now, obeyed);
                world.net().send(world.now(), node.place, place, () -> {
                    if (born == life && up) {
                        open.remove(node.name);
                        see(answer);
                    }
                });
            });
        }
    }

    private void see(NodeView seen) {
        if (seen.isAnswered()) {
            failingSince.remove(seen.name());
        } else {
            failingSince.putIfAbsent(seen.name(), seen.asked());
        }
        view = view.with(new NodeView(
                seen.name(),
                seen.asked(),
                clock(),
                seen.reach(),
                seen.keeper(),
                failingSince.get(seen.name()),
                seen.state()));
    }

    private void turn() {
        if (view.nodes().size() < world.nodes().size()) {
            return;
        }
        ClusterRecord known = java.util.Objects.requireNonNull(record);
        Sight sight = new Sight(
                clock(),
                term,
                leads(),
                leaseConfirmed,
                recordAsSeen(known),
                recordSince,
                viewAsSeen(known),
                world.policyAsSeen(),
                world.now() < wishUntil ? wish : null);
        Governor.Turn turn = governor.turn(sight);
        governor = turn.next();
        last = turn;
        world.trace(this, turn);
        turn.actions().forEach(action -> act(action, known.version()));
    }

    private ClusterRecord recordAsSeen(ClusterRecord known) {
        if (world.variation() != Variation.FORGETS_SILENT_ACKERS || !known.isClaimed()) {
            return known;
        }
        var fewer = new TreeMap<>(known.ackers());
        fewer.keySet().removeIf(acker -> view.state(acker) == null && fewer.size() > 1);
        return new ClusterRecord(
                known.cluster(),
                known.version(),
                known.epoch(),
                known.primary(),
                fewer,
                known.floor(),
                known.closed(),
                known.solo(),
                known.claim(),
                known.barred(),
                known.maintenance());
    }

    private ClusterView viewAsSeen(ClusterRecord known) {
        ClusterView seen = new ClusterView(clock(), view.nodes());
        if (world.variation() != Variation.OVERLOOKS_RESTARTED_RECEIVERS || !known.isClaimed()) {
            return seen;
        }
        TreeMap<NodeName, NodeView> doctored = new TreeMap<>();
        seen.nodes().forEach((name, node) -> doctored.put(name, withRecordedGeneration(known, node)));
        return new ClusterView(clock(), doctored);
    }

    private static NodeView withRecordedGeneration(ClusterRecord known, NodeView node) {
        NodeState state = node.state();
        if (state == null) {
            return node;
        }
        var recorded = known.ackers().getOrDefault(node.name(), state.receiver().generation());
        var receiver = new Receiver(state.receiver().state(), state.receiver().source(), recorded);
        NodeState changed = new NodeState(
                state.cluster(),
                state.readOnly(),
                state.reign(),
                state.applied(),
                state.received(),
                receiver,
                state.applierRuns(),
                state.semiSync(),
                state.lag(),
                state.boot(),
                state.obeyed());
        return new NodeView(
                node.name(), node.asked(), node.answered(), node.reach(), node.keeper(), node.failingSince(), changed);
    }

    private void act(Action action, long version) {
        world.beforeAction(this, action);
        if (!up) {
            return;
        }
        if (action instanceof NodeOrder order) {
            Stamp stamp = new Stamp(term, version, ++sequence);
            int to = world.place(order.node());
            world.net().send(world.now(), place, to, () -> world.keeper(to).order(stamp, order));
        } else if (action instanceof Action.Write write) {
            Term by = term;
            int born = life;
            toQuorum(() -> {
                ClusterRecord now = world.quorum().write(by, write.expected(), write.next());
                fromQuorum(() -> {
                    if (born == life && up) {
                        learn(now);
                    }
                });
            });
        } else if (action instanceof Action.ConfirmLease) {
            renew();
        } else if (action instanceof Action.Look) {
            probeAt = world.now();
        }
        world.afterAction(this, action);
    }

    private void toQuorum(Runnable question) {
        world.net().send(world.now(), place, world.quorumPlace(), question);
    }

    private void fromQuorum(Runnable answer) {
        world.net().send(world.now(), world.quorumPlace(), place, answer);
    }

    @Override
    public String toString() {
        return "coordinator " + number;
    }
}
