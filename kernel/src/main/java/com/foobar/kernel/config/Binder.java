package com.foobar.kernel.config;

import com.foobar.kernel.config.Interpolation.Filled;
import com.foobar.kernel.config.Interpolation.Unresolved;
import com.foobar.kernel.config.Shape.Many;
import com.foobar.kernel.config.Shape.Named;
import com.foobar.kernel.config.Shape.Scalar;
import com.foobar.kernel.config.Shape.Section;
import com.foobar.kernel.config.Shape.Slot;
import com.foobar.kernel.config.Tree.Kind;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.jspecify.annotations.Nullable;

/** Nodes to records. Goes on after every problem, so that all of them are told at once. */
final class Binder {
    /** In place of a value that could not be made; its problem has been reported. */
    private static final Object FAILED = new Object();

    private final Schema schema;
    private final ImmutableNode root;
    private final Interpolation interpolation;
    private final Findings findings;
    private final List<Entry> effective;
    private final Strangers strangers;

    Binder(Schema schema, ImmutableNode root, Interpolation interpolation, Findings findings, List<Entry> effective) {
        this.schema = schema;
        this.root = root;
        this.interpolation = interpolation;
        this.findings = findings;
        this.effective = effective;
        this.strangers = new Strangers(schema, findings);
    }

    Object bind() {
        return section(schema.root(), KeyPath.ROOT, root);
    }

    private Object section(Section section, KeyPath path, @Nullable ImmutableNode node) {
        if (node != null && Tree.kind(node) != Kind.MAP && Tree.kind(node) != Kind.NOTHING) {
            return unfit(path, node, section);
        }
        strangers.report(section, path, node);
        return record(section, path, node);
    }

    private Object record(Section section, KeyPath path, @Nullable ImmutableNode node) {
        List<@Nullable Object> values = new ArrayList<>();
        boolean whole = true;
        for (Slot slot : section.slots()) {
            Object value = slot.flat() ? record((Section) slot.shape(), path, node) : component(slot, path, node);
            whole &= value != FAILED;
            values.add(value);
        }
        return whole ? built(section, path, values.toArray()) : FAILED;
    }

    private Object built(Section section, KeyPath path, @Nullable Object[] values) {
        try {
            Object built = section.constructor().newInstance(values);
            if (built instanceof Checked checked) {
                checked.check(new Problems(findings, schema, root, path));
            }
            return built;
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof IllegalArgumentException refused) {
                findings.error(
                        Tree.nearestOrigin(root, path),
                        path.text(),
                        Quote.oneLine(String.valueOf(refused.getMessage())));
                return FAILED;
            }
            throw new IllegalStateException(section.constructor() + " failed", thrown.getCause());
        } catch (ReflectiveOperationException broken) {
            throw new IllegalStateException(section.constructor() + " cannot be called", broken);
        }
    }

    private @Nullable Object component(Slot slot, KeyPath parent, @Nullable ImmutableNode section) {
        KeyPath path = parent.child(slot.key());
        ImmutableNode node = Tree.child(section, slot.key());
        if (node == null) {
            return absent(slot, path);
        }
        Object value = value(slot.shape(), path, node);
        return slot.optional() && value != FAILED ? Optional.of(value) : value;
    }

    private @Nullable Object absent(Slot slot, KeyPath path) {
        return switch (slot.absence()) {
            case EMPTY -> Optional.empty();
            case NULL -> null;
            case DEFAULT -> {
                boolean many = slot.shape() instanceof Many;
                effective.add(new Entry(path.text(), many ? "[]" : "{}", new Origin.BuiltIn()));
                yield !many ? Map.of() : ((Many) slot.shape()).set() ? Collections.emptySet() : List.of();
            }
            case ERROR -> {
                if (slot.shape() instanceof Section section) {
                    yield section(section, path, null);
                }
                findings.error(
                        Tree.nearestOrigin(root, path),
                        path.text(),
                        "missing, expected " + slot.shape().text());
                yield FAILED;
            }
        };
    }

    private Object value(Shape shape, KeyPath path, ImmutableNode node) {
        if (shape instanceof Section section) {
            return section(section, path, node);
        }
        if (Tree.kind(node) == Kind.NOTHING) {
            findings.error(Tree.origin(node), path.text(), "no value given, expected " + shape.text());
            return FAILED;
        }
        if (shape instanceof Scalar scalar) {
            return Tree.kind(node) == Kind.SCALAR ? scalar(scalar, path, node) : unfit(path, node, shape);
        }
        return shape instanceof Many many ? many(many, path, node) : named((Named) shape, path, node);
    }

    private Object unfit(KeyPath path, ImmutableNode node, Shape shape) {
        // Not even a single value is shown: where a section was expected it may be a secret one level too high.
        String given =
                switch (Tree.kind(node)) {
                    case SCALAR -> "a single value";
                    case LIST -> "a list";
                    case MAP -> "a section";
                    case NOTHING -> "nothing";
                };
        findings.error(Tree.origin(node), path.text(), "given " + given + ", expected " + shape.text());
        return FAILED;
    }

    private Object scalar(Scalar scalar, KeyPath path, ImmutableNode node) {
        String raw = Tree.value(node);
        Filled filled = filled(path, Tree.origin(node), raw);
        return filled == null ? FAILED : parsed(scalar, path, Tree.origin(node), raw, filled);
    }

    private @Nullable Filled filled(KeyPath path, Origin origin, String raw) {
        try {
            return interpolation.fill(path, raw);
        } catch (Unresolved unresolved) {
            findings.error(origin, path.text(), String.valueOf(unresolved.getMessage()));
            return null;
        }
    }

    private Object parsed(Scalar scalar, KeyPath path, Origin origin, String raw, Filled filled) {
        try {
            Object value = scalar.parser().apply(filled.text());
            boolean masked = scalar.secret() || filled.secret();
            effective.add(new Entry(path.text(), masked ? "***" : Quote.oneLine(filled.text()), origin));
            return value;
        } catch (IllegalArgumentException refused) {
            // The text before filling in is shown: what a variable or file holds may be secret.
            String given = scalar.secret() ? "***" : Quote.of(raw);
            findings.error(origin, path.text(), "given " + given + ", expected " + refused.getMessage());
            return FAILED;
        }
    }

    private Object many(Many many, KeyPath path, ImmutableNode node) {
        Origin origin = Tree.origin(node);
        if (Tree.kind(node) == Kind.SCALAR
                && many.item() instanceof Scalar scalar
                && !(origin instanceof Origin.File)) {
            Filled filled = filled(path, origin, Tree.value(node));
            return filled == null ? FAILED : split(many, scalar, path, node, filled);
        }
        if (Tree.kind(node) != Kind.LIST) {
            return unfit(path, node, many);
        }
        if (node.getChildren().isEmpty()) {
            effective.add(new Entry(path.text(), "[]", origin));
        }
        List<Object> values = new ArrayList<>();
        for (ImmutableNode item : node.getChildren()) {
            values.add(value(many.item(), path.item(values.size()), item));
        }
        return collected(many, path, origin, values);
    }

    private Object split(Many many, Scalar scalar, KeyPath path, ImmutableNode node, Filled filled) {
        Origin origin = Tree.origin(node);
        String raw = Tree.value(node);
        List<Object> values = new ArrayList<>();
        for (String part : Many.split(filled.text())) {
            // As elsewhere: what was filled in is not shown.
            String shown = raw.contains("${") ? raw : part;
            Filled item = new Filled(part, filled.secret());
            values.add(parsed(scalar, path.item(values.size()), origin, shown, item));
        }
        if (values.isEmpty()) {
            effective.add(new Entry(path.text(), "[]", origin));
        }
        return collected(many, path, origin, values);
    }

    private Object collected(Many many, KeyPath path, Origin origin, List<Object> values) {
        if (values.contains(FAILED)) {
            return FAILED;
        }
        if (!many.set()) {
            return List.copyOf(values);
        }
        Collection<Object> seen = new LinkedHashSet<>(values);
        if (seen.size() < values.size()) {
            findings.error(origin, path.text(), "an item is given twice, expected each once");
            return FAILED;
        }
        return Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    private Object named(Named named, KeyPath path, ImmutableNode node) {
        if (Tree.kind(node) != Kind.MAP) {
            return unfit(path, node, named);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (ImmutableNode child : node.getChildren()) {
            values.put(child.getNodeName(), value(named.item(), path.child(child.getNodeName()), child));
        }
        if (values.isEmpty()) {
            effective.add(new Entry(path.text(), "{}", Tree.origin(node)));
        }
        return values.containsValue(FAILED) ? FAILED : Collections.unmodifiableMap(values);
    }
}
