package com.foobar.kernel.config;

import com.foobar.kernel.config.Shape.Many;
import com.foobar.kernel.config.Shape.Named;
import com.foobar.kernel.config.Shape.Section;
import com.foobar.kernel.config.Shape.Slot;
import com.foobar.kernel.config.Tree.Kind;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.jspecify.annotations.Nullable;

/**
 * The lowest layer: the built-in defaults as a tree like the others, so that {@code ${lb.port}} finds them too. It depends
 * on what the other layers hold, because each server the user names has its own defaults.
 */
final class Defaults {
    private static final Origin BUILT_IN = new Origin.BuiltIn();

    private Defaults() {}

    static ImmutableNode of(Section section, ImmutableNode explicit) {
        return Tree.branch("", Kind.MAP, BUILT_IN, children(section, explicit));
    }

    private static List<ImmutableNode> children(Section section, @Nullable ImmutableNode explicit) {
        List<ImmutableNode> children = new ArrayList<>();
        for (Slot slot : section.keys()) {
            ImmutableNode given = Tree.child(explicit, slot.key());
            String standard = slot.standard();
            if (standard != null) {
                children.add(Tree.scalar(slot.key(), BUILT_IN, standard));
            } else if (slot.shape() instanceof Section inner) {
                // A section that may be absent has no defaults until somebody writes it.
                if (given != null || slot.absence() == Shape.Absence.ERROR) {
                    children.add(Tree.branch(slot.key(), Kind.MAP, BUILT_IN, children(inner, given)));
                }
            } else if (slot.shape() instanceof Named named && given != null && Tree.kind(given) == Kind.MAP) {
                children.add(Tree.branch(slot.key(), Kind.MAP, BUILT_IN, named(named, given)));
            }
        }
        return children;
    }

    private static List<ImmutableNode> named(Named named, ImmutableNode given) {
        List<ImmutableNode> children = new ArrayList<>();
        for (ImmutableNode one : given.getChildren()) {
            if (named.item() instanceof Section inner) {
                children.add(Tree.branch(one.getNodeName(), Kind.MAP, BUILT_IN, children(inner, one)));
            }
        }
        return children;
    }

    /** Lists are replaced as a whole by any layer, so their items take defaults only once it is settled which list holds. */
    static ImmutableNode inItems(Section section, ImmutableNode node) {
        List<ImmutableNode> children = new ArrayList<>();
        for (ImmutableNode child : node.getChildren()) {
            Slot slot = Schema.slot(section, child.getNodeName());
            children.add(slot == null ? child : filled(slot.shape(), child));
        }
        return Tree.branch(node.getNodeName(), Tree.kind(node), Tree.origin(node), children);
    }

    private static ImmutableNode filled(Shape shape, ImmutableNode node) {
        Kind kind = Tree.kind(node);
        if (kind == Kind.SCALAR || kind == Kind.NOTHING) {
            return node;
        }
        if (shape instanceof Section section) {
            return kind == Kind.MAP ? inItems(section, node) : node;
        }
        List<ImmutableNode> children = new ArrayList<>();
        for (ImmutableNode child : node.getChildren()) {
            if (shape instanceof Many many && many.item() instanceof Section item && Tree.kind(child) == Kind.MAP) {
                ImmutableNode standard = Tree.branch(child.getNodeName(), Kind.MAP, BUILT_IN, children(item, child));
                children.add(inItems(item, new Precedence().combine(child, standard)));
            } else {
                children.add(shape instanceof Named named ? filled(named.item(), child) : child);
            }
        }
        return Tree.branch(node.getNodeName(), kind, Tree.origin(node), children);
    }
}
