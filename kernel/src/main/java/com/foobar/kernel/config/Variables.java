package com.foobar.kernel.config;

import com.foobar.kernel.config.Shape.Many;
import com.foobar.kernel.config.Shape.Named;
import com.foobar.kernel.config.Shape.Scalar;
import com.foobar.kernel.config.Shape.Section;
import com.foobar.kernel.config.Shape.Slot;
import com.foobar.kernel.config.Tree.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.jspecify.annotations.Nullable;

/**
 * The layer of {@code FOOBAR_…} variables. A variable's name cannot say where a dot or a dash was, so it is compared with
 * the names the known keys would have; names under a map count where the file or a flag already holds them.
 */
final class Variables {
    private static final String PREFIX = "FOOBAR_";

    private final Map<String, List<KeyPath>> known = new TreeMap<>();

    private Variables(Section root, ImmutableNode explicit) {
        collect(root, KeyPath.ROOT, explicit);
    }

    static ImmutableNode read(
            Section root, Map<String, String> environment, ImmutableNode explicit, Findings findings) {
        List<String> ours = environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .sorted()
                .toList();
        ImmutableNode all = Tree.branch("", Kind.MAP, new Origin.Variable(PREFIX + "*"), List.of());
        if (ours.isEmpty()) {
            return all;
        }
        Variables variables = new Variables(root, explicit);
        for (String name : ours) {
            ImmutableNode one = variables.one(name, environment.getOrDefault(name, ""), findings);
            if (one != null) {
                all = new Precedence().combine(one, all);
            }
        }
        return all;
    }

    private @Nullable ImmutableNode one(String name, String value, Findings findings) {
        Origin origin = new Origin.Variable(name);
        List<KeyPath> paths = known.getOrDefault(name, List.of());
        if (paths.isEmpty()) {
            // A warning only: Kubernetes gives every pod such variables for a service that is named foobar.
            String hint = Nearness.nearest(name, known.keySet())
                    .map(near -> ", did you mean " + near + "?")
                    .orElse("");
            findings.warning(origin, "", "names no known key and is ignored" + hint);
            return null;
        }
        if (paths.size() > 1) {
            String keys = paths.stream().map(KeyPath::text).collect(Collectors.joining(" or "));
            findings.error(origin, "", "could mean " + keys + ", use --set or the file instead");
            return null;
        }
        return Overrides.wrapped(paths.get(0), Tree.scalar(paths.get(0).last(), origin, value), origin);
    }

    private void collect(Section section, KeyPath path, @Nullable ImmutableNode node) {
        for (Slot slot : section.keys()) {
            collect(slot.shape(), path.child(slot.key()), Tree.child(node, slot.key()));
        }
    }

    private void collect(Shape shape, KeyPath path, @Nullable ImmutableNode node) {
        if (shape instanceof Section section) {
            collect(section, path, node);
        } else if (shape instanceof Named named) {
            List<ImmutableNode> existing = node == null ? List.of() : node.getChildren();
            existing.forEach(one -> collect(named.item(), path.child(one.getNodeName()), one));
        } else if (shape instanceof Scalar || (shape instanceof Many many && many.item() instanceof Scalar)) {
            known.computeIfAbsent(variable(path), name -> new ArrayList<>(1)).add(path);
        }
    }

    static String variable(KeyPath path) {
        StringBuilder name = new StringBuilder(PREFIX);
        for (String part : path.parts()) {
            name.append(name.length() == PREFIX.length() ? "" : "_");
            for (int i = 0; i < part.length(); i++) {
                char c = part.charAt(i);
                name.append(c < 128 && Character.isLetterOrDigit(c) ? Character.toUpperCase(c) : '_');
            }
        }
        return name.toString();
    }
}
