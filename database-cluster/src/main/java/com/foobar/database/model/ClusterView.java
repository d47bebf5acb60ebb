package com.foobar.database.model;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The newest view of every node at one moment. */
public record ClusterView(Moment when, SortedMap<NodeName, NodeView> nodes) {

    public ClusterView {
        nodes = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    }

    public static ClusterView empty(Moment when) {
        return new ClusterView(when, new TreeMap<>());
    }

    /** With one more answer. An answer to an earlier question than the one already answered comes late and is dropped. */
    public ClusterView with(NodeView seen) {
        NodeView known = nodes.get(seen.name());
        if (known != null && seen.asked().isBefore(known.asked())) {
            return this;
        }
        TreeMap<NodeName, NodeView> newer = new TreeMap<>(nodes);
        newer.put(seen.name(), seen);
        return new ClusterView(seen.answered(), newer);
    }

    public @Nullable NodeView view(NodeName node) {
        return nodes.get(node);
    }

    /** What the node said, or null when it is unknown or did not answer. */
    public @Nullable NodeState state(NodeName node) {
        NodeView view = nodes.get(node);
        return view == null ? null : view.state();
    }

    public Stream<NodeView> others(NodeName node) {
        return nodes.values().stream().filter(view -> !view.name().equals(node));
    }
}
