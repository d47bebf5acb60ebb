package com.foobar.kernel.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What may stand behind a key. */
sealed interface Shape {

    /** In words, for error messages and the reference. */
    String text();

    /** One value, parsed from text; the parser's IllegalArgumentException says what was expected. */
    record Scalar(String text, boolean secret, Function<String, Object> parser) implements Shape {}

    /** A list, or a set, which differs only in refusing repetition. */
    record Many(Shape item, boolean set) implements Shape {
        @Override
        public String text() {
            return "a list, each item " + item.text();
        }

        /** Flags, variables and built-in defaults have no other way to write a list than with commas. */
        static List<String> split(String text) {
            List<String> parts = new ArrayList<>();
            for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
                parts.add(part.strip());
            }
            return parts;
        }
    }

    /** Names chosen by the user, each with the same shape behind it. */
    record Named(Shape item) implements Shape {
        @Override
        public String text() {
            return "names, each with " + item.text();
        }
    }

    /**
     * A record.
     *
     * @param slots its components
     * @param keys the keys as they stand in the file: those of flat records among the others
     */
    record Section(Constructor<?> constructor, List<Slot> slots, List<Slot> keys) implements Shape {
        static Section of(Constructor<?> constructor, List<Slot> slots) {
            List<Slot> keys = new ArrayList<>();
            for (Slot slot : slots) {
                if (slot.flat() && slot.shape() instanceof Section inner) {
                    keys.addAll(inner.keys());
                } else {
                    keys.add(slot);
                }
            }
            return new Section(constructor, List.copyOf(slots), List.copyOf(keys));
        }

        @Override
        public String text() {
            return "a section with the keys "
                    + String.join(", ", keys.stream().map(Slot::key).toList());
        }
    }

    /** What happens when the key is absent; the last two differ only in how the record wants to be told. */
    enum Absence {
        ERROR,
        DEFAULT,
        EMPTY,
        NULL
    }

    /** One component of a record. */
    record Slot(
            String key,
            String doc,
            Shape shape,
            Absence absence,
            boolean optional,
            @Nullable String standard,
            boolean flat,
            Method accessor) {}
}
