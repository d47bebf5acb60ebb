package com.foobar.kernel.config;

import com.foobar.kernel.config.Shape.Absence;
import com.foobar.kernel.config.Shape.Many;
import com.foobar.kernel.config.Shape.Named;
import com.foobar.kernel.config.Shape.Scalar;
import com.foobar.kernel.config.Shape.Section;
import com.foobar.kernel.config.Shape.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every key a record type gives a file. */
public final class Schema {
    private final Section root;

    private Schema(Section root) {
        this.root = root;
    }

    /** Throws {@link IllegalStateException} where the record itself is wrong: a key without {@link Doc}, an unknown type. */
    public static Schema of(Class<? extends Record> type) {
        return new Schema(new RecordShape().section(type));
    }

    /** In the order of declaration, a section before the keys below it. */
    public List<KeyDoc> keys() {
        List<KeyDoc> keys = new ArrayList<>();
        describe(root, "", keys);
        return List.copyOf(keys);
    }

    private static void describe(Section section, String prefix, List<KeyDoc> keys) {
        for (Slot slot : section.keys()) {
            String key = prefix + slot.key();
            boolean above = innermost(slot.shape()) instanceof Section;
            boolean required = slot.absence() == Absence.ERROR && !(slot.shape() instanceof Section);
            keys.add(new KeyDoc(
                    key, slot.shape().text(), slot.doc(), Optional.ofNullable(slot.standard()), required, above));
            below(slot.shape(), key, keys);
        }
    }

    private static void below(Shape shape, String key, List<KeyDoc> keys) {
        if (shape instanceof Section section) {
            describe(section, key + ".", keys);
        } else if (shape instanceof Many many) {
            below(many.item(), key + ".*", keys);
        } else if (shape instanceof Named named) {
            below(named.item(), key + ".*", keys);
        }
    }

    private static Shape innermost(Shape shape) {
        if (shape instanceof Many many) {
            return innermost(many.item());
        }
        return shape instanceof Named named ? innermost(named.item()) : shape;
    }

    Section root() {
        return root;
    }

    /** What stands at this path, or null where no key can be. */
    @Nullable
    Shape at(KeyPath path) {
        Shape shape = root;
        for (String part : path.parts()) {
            shape = step(shape, part);
            if (shape == null) {
                return null;
            }
        }
        return shape;
    }

    private static @Nullable Shape step(Shape shape, String part) {
        if (shape instanceof Section section) {
            Slot slot = slot(section, part);
            return slot == null ? null : slot.shape();
        }
        if (shape instanceof Many many) {
            return many.item();
        }
        return shape instanceof Named named ? named.item() : null;
    }

    static @Nullable Slot slot(Section section, String key) {
        for (Slot slot : section.keys()) {
            if (slot.key().equals(key)) {
                return slot;
            }
        }
        return null;
    }

    boolean isSecret(KeyPath path) {
        Shape shape = at(path);
        return shape != null && holdsSecret(shape);
    }

    static boolean holdsSecret(Shape shape) {
        return innermost(shape) instanceof Scalar scalar && scalar.secret();
    }
}
