package com.foobar.kernel.config;

import com.foobar.kernel.config.Shape.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.configuration2.tree.ImmutableNode;

/** Configuration texts to one immutable record. Boot, check and reload all come through here. */
public final class Settings {
    private Settings() {}

    public static <T extends Record> Reading<T> read(Class<T> type, Layers layers) {
        Schema schema = Schema.of(type);
        Findings findings = new Findings();
        ImmutableNode flags = Overrides.read(layers.overrides(), findings);
        ImmutableNode file = YamlTree.read(layers.file(), findings);
        if (file == null) {
            // Half a tree would call keys missing that stand further down.
            return new Reading<>(Optional.empty(), findings.sorted(), List.of());
        }
        ImmutableNode all = layered(schema.root(), layers, flags, file, findings);
        Interpolation interpolation = new Interpolation(
                schema, all, layers.environment(), layers.file().folder());
        List<Entry> effective = new ArrayList<>();
        Object value = new Binder(schema, all, interpolation, findings, effective).bind();
        Optional<T> good = findings.errors() == 0 ? Optional.of(type.cast(value)) : Optional.empty();
        return new Reading<>(good, findings.sorted(), effective);
    }

    private static ImmutableNode layered(
            Section root, Layers layers, ImmutableNode flags, ImmutableNode file, Findings findings) {
        Precedence over = new Precedence();
        ImmutableNode named = over.combine(flags, file);
        ImmutableNode variables = Variables.read(root, layers.environment(), named, findings);
        ImmutableNode explicit = over.combine(flags, over.combine(variables, file));
        return Defaults.inItems(root, over.combine(explicit, Defaults.of(root, explicit)));
    }

    /** The keys whose values differ, in the order of declaration. */
    public static <T extends Record> List<Difference> difference(Class<T> type, T before, T after) {
        return new Comparison().of(Schema.of(type), before, after);
    }
}
