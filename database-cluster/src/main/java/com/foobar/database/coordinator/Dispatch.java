package com.foobar.database.coordinator;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.model.ClusterView;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Stamp;
import com.foobar.database.model.Term;
import com.foobar.database.node.NodeDesk;
import com.foobar.database.node.Obeyed;
import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Hands stamped orders to the nodes. Decisions repeat an order until its effect is seen; here the repetition is held back while the
 * order is on its way and until the node was looked at after it, so that ten turns do not make ten orders. Only the ring's thread comes
 * here.
 */
final class Dispatch {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    private static final int MOST_SAID = 256;

    /** So many times longer than other orders a change of source is waited for. */
    static final int PATIENT = 4;

    private final Map<NodeName, NodeDesk> desks = new TreeMap<>();
    private final Executor ring;
    private final Time time;
    private final BiConsumer<NodeOrder, Obeyed> answered;
    private final Map<NodeOrder, Sent> sent = new HashMap<>();
    private final Map<NodeOrder, String> said = new HashMap<>();
    private Term term = Term.NONE;
    private long sequence;

    private record Sent(Stamp stamp, Moment at, @Nullable Moment answeredAt) {}

    Dispatch(Collection<? extends NodeDesk> nodes, Executor ring, Time time, BiConsumer<NodeOrder, Obeyed> answered) {
        nodes.forEach(desk -> desks.put(desk.name(), desk));
        this.ring = ring;
        this.time = time;
        this.answered = answered;
    }

    /** What was answered and looked at since may be ordered again, if it is still wanted. */
    void settle(ClusterView view, Moment now, Duration pause, Duration repeat) {
        for (Iterator<Map.Entry<NodeOrder, Sent>> entries = sent.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<NodeOrder, Sent> entry = entries.next();
            Moment answeredAt = entry.getValue().answeredAt();
            NodeView seen = view.view(entry.getKey().node());
            // A keeper that refuses, that nobody reaches, or that says done and is not, answers in no time: asked again
            // at each
            // answer it would be asked without end.
            boolean paused = now.since(entry.getValue().at()).compareTo(pause) >= 0;
            boolean looked = answeredAt != null && seen != null && !seen.asked().isBefore(answeredAt) && paused;
            // A change of source that is told twice is done twice.
            boolean late = now.since(entry.getValue().at())
                            .compareTo(
                                    entry.getKey() instanceof NodeOrder.Follow ? repeat.multipliedBy(PATIENT) : repeat)
                    >= 0;
            if (looked || late) {
                entries.remove();
            }
        }
    }

    /**
     * A look in the middle of a change of source sees a generation that has begun and a receiver that has not: taken for a stopped one it
     * would be ordered to begin again. A look that was asked earlier is always good, so this one is left out.
     */
    boolean isMidway(NodeView seen, Moment now, Duration limit) {
        return seen.isAnswered()
                && sent.entrySet().stream().anyMatch(entry -> {
                    Moment answeredAt = entry.getValue().answeredAt();
                    return entry.getKey() instanceof NodeOrder.Follow follow
                            && follow.node().equals(seen.name())
                            && !seen.asked().isBefore(entry.getValue().at())
                            && (answeredAt == null
                                    ? now.since(entry.getValue().at()).compareTo(limit) < 0
                                    : seen.asked().isBefore(answeredAt));
                });
    }

    void send(Term by, long version, NodeOrder order, Moment now) {
        NodeDesk desk = desks.get(order.node());
        if (!by.equals(term)) {
            term = by;
            sequence = 0;
            sent.clear();
            said.clear();
        }
        Sent before = sent.get(order);
        if (desk == null || before != null) {
            return;
        }
        Stamp stamp = new Stamp(by, version, ++sequence);
        sent.put(order, new Sent(stamp, now, null));
        CompletableFuture<Void> unused = desk.order(stamp, order)
                .exceptionally(failed -> new Obeyed(false, "its desk failed: " + failed))
                .thenAcceptAsync(obeyed -> heard(stamp, order, obeyed), ring);
    }

    private void heard(Stamp stamp, NodeOrder order, Obeyed obeyed) {
        say(stamp, order, obeyed);
        Moment now = new Moment(time.nanos());
        sent.computeIfPresent(
                order, (same, entry) -> entry.stamp().equals(stamp) ? new Sent(stamp, entry.at(), now) : entry);
        answered.accept(order, obeyed);
    }

    /** Who reigns and who follows is news; the rest is how it came about. */
    private static Level level(NodeOrder order, Obeyed obeyed) {
        boolean news = order instanceof NodeOrder.Promote
                || order instanceof NodeOrder.Follow
                || order instanceof NodeOrder.Reprovision;
        return obeyed.done() ? news ? Level.INFO : Level.DEBUG : Level.WARN;
    }

    /** Once for each answer: a node that refuses ten times in the same words is one piece of news, one that is still at it is none. */
    private void say(Stamp stamp, NodeOrder order, Obeyed obeyed) {
        if (obeyed.isPassing()) {
            // Not even remembered: else the same refusal before and after it would be told twice.
            LOG.debug("{} is still at {} ({}): {}", order.node(), order, stamp, obeyed.detail());
            return;
        }
        String words = obeyed.done() + obeyed.detail();
        if (said.size() > MOST_SAID) {
            said.clear();
        }
        if (!words.equals(said.put(order, words))) {
            LOG.atLevel(level(order, obeyed))
                    .addKeyValue("node", Objects.toString(order.node()))
                    .addKeyValue("order", order.toString())
                    .addKeyValue("stamp", stamp.toString())
                    .log(
                            "{} {}: {} {}",
                            order.node(),
                            obeyed.done() ? "obeyed" : "did not obey",
                            order.getClass().getSimpleName(),
                            obeyed.detail());
        }
    }
}
