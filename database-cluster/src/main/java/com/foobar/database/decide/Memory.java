package com.foobar.database.decide;

import com.foobar.database.model.Generation;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Term;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What this coordinator remembers between looks.
 *
 * @param barredAt since when it has seen a node barred in the record
 * @param armedAt since when the primary is seen waiting by an order of this version of the record
 * @param aloneSince since when no acker was attached
 * @param shapes what each node was seen as, and since when without a change
 */
public record Memory(
        SortedMap<NodeName, Moment> barredAt,
        @Nullable Moment armedAt,
        @Nullable Moment aloneSince,
        SortedMap<NodeName, Shape> shapes) {
    public static final Memory NONE = new Memory(new TreeMap<>(), null, null, new TreeMap<>());

    Memory seeing(Sight sight) {
        SortedMap<NodeName, Moment> barred = new TreeMap<>();
        sight.record().barred().forEach(node -> barred.put(node, barredAt.getOrDefault(node, sight.now())));
        NodeState primary = sight.primaryState();
        boolean armed = primary != null
                && primary.semiSync().waits()
                && primary.obeyed().term().equals(sight.term())
                && primary.obeyed().version() >= sight.record().version();
        boolean alone = sight.attached().isEmpty();
        return new Memory(
                barred,
                armed ? Objects.requireNonNullElse(armedAt, sight.now()) : null,
                alone ? Objects.requireNonNullElse(aloneSince, sight.now()) : null,
                shapesNow(sight));
    }

    private SortedMap<NodeName, Shape> shapesNow(Sight sight) {
        SortedMap<NodeName, Shape> now = new TreeMap<>();
        sight.view().nodes().values().forEach(view -> {
            Shape shape = Shape.of(view);
            Shape before = shapes.get(view.name());
            now.put(view.name(), before != null && before.isSameAs(shape) ? before : shape);
        });
        return now;
    }

    /** Which life of its server and receiver a node is in: what it was in before has ended by {@code since}. */
    public record Shape(
            boolean ended,
            @Nullable String boot,
            @Nullable Generation generation,
            boolean stopped,
            @Nullable Term obeyed,
            Moment since) {
        static Shape of(NodeView view) {
            NodeState state = view.state();
            return state == null
                    ? new Shape(Sight.ended(view), null, null, false, null, view.answered())
                    : new Shape(
                            false,
                            state.boot().id(),
                            state.receiver().generation(),
                            Sight.stopped(state),
                            state.obeyed().term(),
                            view.answered());
        }

        boolean isSameAs(Shape other) {
            return ended == other.ended
                    && stopped == other.stopped
                    && Objects.equals(boot, other.boot)
                    && Objects.equals(generation, other.generation)
                    && Objects.equals(obeyed, other.obeyed);
        }
    }
}
