package com.foobar.kernel.config;

import java.util.Collection;
import java.util.Objects;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.jspecify.annotations.Nullable;

/**
 * What our nodes carry beside name and value: what they are, and where they came from. Kept as attributes, so that both
 * survive whatever is done to the tree. Items of a list are children named by their index.
 */
final class Tree {
    private static final String KIND = "kind";
    private static final String ORIGIN = "origin";

    /** NOTHING is a key with no value behind it. */
    enum Kind {
        SCALAR,
        LIST,
        MAP,
        NOTHING
    }

    private Tree() {}

    static ImmutableNode scalar(String name, Origin origin, String value) {
        return builder(name, Kind.SCALAR, origin).value(value).create();
    }

    static ImmutableNode nothing(String name, Origin origin) {
        return builder(name, Kind.NOTHING, origin).create();
    }

    static ImmutableNode branch(String name, Kind kind, Origin origin, Collection<ImmutableNode> children) {
        return builder(name, kind, origin).addChildren(children).create();
    }

    private static ImmutableNode.Builder builder(String name, Kind kind, Origin origin) {
        return new ImmutableNode.Builder().name(name).addAttribute(KIND, kind).addAttribute(ORIGIN, origin);
    }

    static Kind kind(ImmutableNode node) {
        return (Kind) Objects.requireNonNull(node.getAttributes().get(KIND));
    }

    static Origin origin(ImmutableNode node) {
        return (Origin) Objects.requireNonNull(node.getAttributes().get(ORIGIN));
    }

    static String value(ImmutableNode scalar) {
        return (String) Objects.requireNonNull(scalar.getValue());
    }

    static @Nullable ImmutableNode child(@Nullable ImmutableNode node, String key) {
        if (node != null) {
            for (ImmutableNode child : node.getChildren()) {
                if (child.getNodeName().equals(key)) {
                    return child;
                }
            }
        }
        return null;
    }

    static @Nullable ImmutableNode find(ImmutableNode root, KeyPath path) {
        ImmutableNode node = root;
        for (String part : path.parts()) {
            node = child(node, part);
        }
        return node;
    }

    /** The deepest place on the way to the path that a person wrote: a built-in default is nowhere to go and mend. */
    static Origin nearestOrigin(ImmutableNode root, KeyPath path) {
        Origin nearest = origin(root);
        ImmutableNode node = root;
        for (String part : path.parts()) {
            node = child(node, part);
            if (node != null && !(origin(node) instanceof Origin.BuiltIn)) {
                nearest = origin(node);
            }
        }
        return nearest;
    }
}
