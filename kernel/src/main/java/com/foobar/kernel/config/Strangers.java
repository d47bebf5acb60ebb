package com.foobar.kernel.config;

import com.foobar.kernel.config.Shape.Section;
import com.foobar.kernel.config.Shape.Slot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.jspecify.annotations.Nullable;

/** Keys that nobody knows, each with the key that was probably meant. Their values are never shown: one may be a secret. */
final class Strangers {
    private final Schema schema;
    private final Findings findings;

    Strangers(Schema schema, Findings findings) {
        this.schema = schema;
        this.findings = findings;
    }

    void report(Section section, KeyPath path, @Nullable ImmutableNode node) {
        List<ImmutableNode> children = node == null ? List.of() : node.getChildren();
        for (ImmutableNode child : children) {
            String key = child.getNodeName();
            if (Schema.slot(section, key) == null) {
                String cure = meant(section, path, key)
                        .map(near -> ", did you mean " + near + "?")
                        .orElseGet(() -> ", known here: " + String.join(", ", names(section)));
                findings.error(Tree.origin(child), path.child(key).text(), "unknown key" + cure);
            }
        }
    }

    /** A misspelt neighbour; else the very same key one level up or down, for a key that is indented wrongly. */
    private Optional<String> meant(Section section, KeyPath path, String key) {
        Optional<String> neighbour = Nearness.nearest(key, names(section));
        if (neighbour.isPresent()) {
            return neighbour.map(name -> path.child(name).text());
        }
        Map<String, String> elsewhere = new LinkedHashMap<>();
        if (!path.parts().isEmpty()) {
            KeyPath up = KeyPath.ROOT;
            for (String part : path.parts().subList(0, path.parts().size() - 1)) {
                up = up.child(part);
            }
            if (schema.at(up) instanceof Section above) {
                put(elsewhere, above, up);
            }
        }
        for (Slot slot : section.keys()) {
            if (slot.shape() instanceof Section below) {
                put(elsewhere, below, path.child(slot.key()));
            }
        }
        return Optional.ofNullable(elsewhere.get(key));
    }

    private static void put(Map<String, String> elsewhere, Section section, KeyPath path) {
        section.keys()
                .forEach(slot ->
                        elsewhere.putIfAbsent(slot.key(), path.child(slot.key()).text()));
    }

    private static List<String> names(Section section) {
        return section.keys().stream().map(Slot::key).toList();
    }
}
