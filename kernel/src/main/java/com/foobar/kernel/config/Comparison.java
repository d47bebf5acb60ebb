package com.foobar.kernel.config;

import com.foobar.kernel.config.Shape.Many;
import com.foobar.kernel.config.Shape.Named;
import com.foobar.kernel.config.Shape.Section;
import com.foobar.kernel.config.Shape.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a reload changed. Compares the bound values and not their texts: 60s and 1m are no change, a new secret is one. */
final class Comparison {
    private final List<Difference> differences = new ArrayList<>();

    List<Difference> of(Schema schema, Record before, Record after) {
        section(schema.root(), KeyPath.ROOT, before, after);
        return List.copyOf(differences);
    }

    private void section(Section section, KeyPath path, @Nullable Object before, @Nullable Object after) {
        for (Slot slot : section.slots()) {
            KeyPath inner = slot.flat() ? path : path.child(slot.key());
            shape(slot.shape(), inner, component(slot, before), component(slot, after));
        }
    }

    private void shape(Shape shape, KeyPath path, @Nullable Object before, @Nullable Object after) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (shape instanceof Section section) {
            section(section, path, before, after);
        } else if (shape instanceof Named named) {
            Map<?, ?> old = before instanceof Map<?, ?> map ? map : Map.of();
            Map<?, ?> young = after instanceof Map<?, ?> map ? map : Map.of();
            Set<Object> names = new LinkedHashSet<>(old.keySet());
            names.addAll(young.keySet());
            names.forEach(name -> shape(named.item(), path.child((String) name), old.get(name), young.get(name)));
        } else {
            differences.add(new Difference(path.text(), text(shape, before), text(shape, after)));
        }
    }

    private static String text(Shape shape, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (!(shape instanceof Many many)) {
            return Quote.oneLine(Scalars.text(value));
        }
        if (many.item() instanceof Section) {
            return ((Collection<?>) value).size() + " items";
        }
        return ((Collection<?>) value)
                .stream().map(item -> Quote.oneLine(Scalars.text(item))).collect(Collectors.joining(", ", "[", "]"));
    }

    private static @Nullable Object component(Slot slot, @Nullable Object record) {
        try {
            Object value = record == null ? null : slot.accessor().invoke(record);
            return value instanceof Optional<?> optional ? optional.orElse(null) : value;
        } catch (ReflectiveOperationException broken) {
            throw new IllegalStateException(slot.accessor() + " failed", broken);
        }
    }
}
