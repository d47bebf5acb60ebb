package com.foobar.kernel.config;

import com.foobar.kernel.config.Shape.Absence;
import com.foobar.kernel.config.Shape.Many;
import com.foobar.kernel.config.Shape.Named;
import com.foobar.kernel.config.Shape.Scalar;
import com.foobar.kernel.config.Shape.Section;
import com.foobar.kernel.config.Shape.Slot;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record type into a shape. What is wrong with the type is the programmer's mistake and is thrown at once, so that
 * the first test of a role meets it and not a user.
 */
final class RecordShape {
    /** The records being read: one met again inside itself would never end. */
    private final Deque<Class<?>> open = new ArrayDeque<>();

    Section section(Class<?> type) {
        if (open.contains(type)) {
            throw new IllegalStateException(type.getName() + " contains itself");
        }
        open.push(type);
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] parameters = new Class<?>[components.length];
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            parameters[i] = components[i].getType();
            try {
                slots.add(slot(components[i]));
            } catch (IllegalStateException mistake) {
                String place = type.getSimpleName() + "." + components[i].getName() + ": ";
                throw new IllegalStateException(place + mistake.getMessage(), mistake);
            }
        }
        open.pop();
        Section section = Section.of(constructor(type, parameters), slots);
        Set<String> keys = new HashSet<>();
        for (Slot slot : section.keys()) {
            if (!keys.add(slot.key())) {
                throw new IllegalStateException(type.getSimpleName() + " has the key " + slot.key() + " twice");
            }
        }
        return section;
    }

    private Slot slot(RecordComponent component) {
        boolean optional = component.getType() == Optional.class;
        // Generic signatures and type annotations are parsed on demand, and parsing them is a third of a cold start.
        boolean generic = component.getType().getTypeParameters().length > 0;
        Type type = generic ? component.getGenericType() : component.getType();
        if (optional) {
            type = argument(type, 0);
        }
        Shape shape = shape(type, component);
        boolean flat = component.isAnnotationPresent(Flat.class);
        Doc doc = component.getAnnotation(Doc.class);
        Default standard = component.getAnnotation(Default.class);
        Absence absence = absence(component, shape, optional, standard);
        require(flat || (doc != null && !doc.value().isBlank()), "has no @Doc");
        require(!flat || (shape instanceof Section && absence == Absence.ERROR), "@Flat is for plain records");
        require(
                standard == null || (absence == Absence.DEFAULT && (shape instanceof Scalar || shape instanceof Many)),
                "@Default does not fit this type");
        if (standard != null) {
            tryOut(shape, standard.value());
        }
        Key key = component.getAnnotation(Key.class);
        String name = key != null ? key.value() : kebab(component.getName());
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        return new Slot(
                name,
                doc == null ? "" : doc.value(),
                shape,
                absence,
                optional,
                standard == null ? null : standard.value(),
                flat,
                accessor);
    }

    /** A default that its own type refuses would fail every start, and on no line anybody could mend. */
    private static void tryOut(Shape shape, String standard) {
        if (standard.contains("${")) {
            return;
        }
        try {
            if (shape instanceof Scalar scalar) {
                Object unused = scalar.parser().apply(standard);
            } else if (shape instanceof Many many && many.item() instanceof Scalar item) {
                for (String part : Many.split(standard)) {
                    Object unused = item.parser().apply(part);
                }
            }
        } catch (IllegalArgumentException refused) {
            throw new IllegalStateException("@Default is not " + refused.getMessage(), refused);
        }
    }

    private static Absence absence(
            RecordComponent component, Shape shape, boolean optional, @Nullable Default standard) {
        if (optional) {
            return Absence.EMPTY;
        }
        if (standard != null || shape instanceof Many || shape instanceof Named) {
            return Absence.DEFAULT;
        }
        boolean nullable = !component.getType().isPrimitive()
                && component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return nullable ? Absence.NULL : Absence.ERROR;
    }

    private Shape shape(Type type, AnnotatedElement component) {
        if (type instanceof ParameterizedType generic) {
            if (generic.getRawType() == List.class || generic.getRawType() == Set.class) {
                Shape item = shape(argument(type, 0), component);
                require(!(item instanceof Many), "a list of lists is not supported");
                return new Many(item, generic.getRawType() == Set.class);
            }
            if (generic.getRawType() == Map.class && argument(type, 0) == String.class) {
                return new Named(shape(argument(type, 1), component));
            }
        }
        if (type instanceof Class<?> plain) {
            Optional<Scalar> scalar = Scalars.of(plain, component.getAnnotation(Range.class));
            if (scalar.isPresent()) {
                return scalar.get();
            }
            if (plain.isRecord()) {
                return section(plain);
            }
        }
        throw new IllegalStateException("nothing is known about the type " + type.getTypeName());
    }

    private static Type argument(Type type, int index) {
        require(type instanceof ParameterizedType, "needs its type argument");
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static Constructor<?> constructor(Class<?> type, Class<?>[] parameters) {
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(parameters);
            canonical.setAccessible(true);
            return canonical;
        } catch (NoSuchMethodException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static String kebab(String camel) {
        StringBuilder kebab = new StringBuilder();
        for (int i = 0; i < camel.length(); i++) {
            char c = camel.charAt(i);
            if (Character.isUpperCase(c)) {
                kebab.append('-').append(Character.toLowerCase(c));
            } else {
                kebab.append(c);
            }
        }
        return kebab.toString();
    }

    private static void require(boolean holds, String mistake) {
        if (!holds) {
            throw new IllegalStateException(mistake);
        }
    }
}
