package com.foobar.database.coordinator;

import com.foobar.database.model.ClusterView;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.node.NodeDesk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** Looks at every node, each for itself: none waits for another. Only the ring's thread comes here. */
final class Eyes {
    /**
     * Under way at once for one node: a look that hangs must not hide the next, which is asked when something was noticed. A desk
     * that answers two with one costs nothing.
     */
    private static final int MOST_OPEN = 2;

    private final Map<NodeName, NodeDesk> desks;
    private final Executor ring;
    private final Predicate<NodeView> midway;
    private final Runnable seen;
    private final Map<NodeName, Deque<Moment>> open = new TreeMap<>();
    private final Map<NodeName, Moment> failingSince = new TreeMap<>();
    private final Map<NodeName, LongAdder> failures = new TreeMap<>();
    private ClusterView view;
    private long life;

    /** With a test for views that were taken in the middle of something ordered, which say nothing. */
    Eyes(Collection<? extends NodeDesk> nodes, Executor ring, Moment now, Predicate<NodeView> midway, Runnable seen) {
        this.desks = new TreeMap<>();
        nodes.forEach(desk -> {
            desks.put(desk.name(), desk);
            open.put(desk.name(), new ArrayDeque<>());
            failures.put(desk.name(), new LongAdder());
        });
        this.ring = ring;
        this.midway = midway;
        this.seen = seen;
        this.view = ClusterView.empty(now);
    }

    /** As it is now: what is old in it says so itself. */
    ClusterView view(Moment now) {
        return new ClusterView(now, view.nodes());
    }

    boolean hasSeenAll() {
        return view.nodes().size() == desks.size();
    }

    Map<NodeName, LongAdder> failures() {
        return failures;
    }

    /** What was seen in an earlier tenure says nothing: it may be long ago. */
    void forget(Moment now) {
        life++;
        view = ClusterView.empty(now);
        open.values().forEach(Deque::clear);
        failingSince.clear();
    }

    void lookAtAll(Moment now) {
        desks.keySet().forEach(node -> look(node, now));
    }

    /** Also while an earlier look is open: its answer may have been true before what is asked about now. */
    void look(NodeName node, Moment now) {
        Deque<Moment> asked = questions(node);
        if (asked.size() < MOST_OPEN) {
            ask(node, now);
        }
    }

    /** The regular look: nodes that owe an answer are not asked again before they are late. */
    void tick(Moment now, Duration bound) {
        for (NodeName node : desks.keySet()) {
            Deque<Moment> asked = questions(node);
            while (!asked.isEmpty() && now.since(asked.getFirst()).compareTo(bound) >= 0) {
                Moment late = asked.removeFirst();
                see(new NodeView(node, late, now, Reach.TIMED_OUT, Keeper.SILENT, late, null), now);
            }
            if (asked.isEmpty()) {
                ask(node, now);
            }
        }
    }

    private void ask(NodeName node, Moment now) {
        questions(node).addLast(now);
        long born = life;
        NodeDesk desk = Objects.requireNonNull(desks.get(node));
        CompletableFuture<Void> unused = desk.look()
                .exceptionally(failed ->
                        new NodeView(node, now, now, Reach.TIMED_OUT, Keeper.SILENT, now, null)) // a bug of the desk
                .thenAcceptAsync(
                        answer -> {
                            if (born == life) {
                                questions(node).remove(now);
                                if (!midway.test(answer)) {
                                    see(answer, answer.answered());
                                }
                                seen.run();
                            }
                        },
                        ring);
    }

    private void see(NodeView answer, Moment when) {
        NodeView known = view.view(answer.name());
        if (known != null && answer.asked().isBefore(known.asked())) {
            return;
        }
        if (answer.isAnswered()) {
            failingSince.remove(answer.name());
        } else {
            failingSince.putIfAbsent(answer.name(), answer.asked());
            Objects.requireNonNull(failures.get(answer.name())).increment();
        }
        view = view.with(new NodeView(
                answer.name(),
                answer.asked(),
                when,
                answer.reach(),
                answer.keeper(),
                failingSince.get(answer.name()),
                answer.state()));
    }

    private Deque<Moment> questions(NodeName node) {
        return Objects.requireNonNull(open.get(node), "every node has a desk");
    }
}
