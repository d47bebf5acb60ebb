package com.foobar.kernel.config;

import com.foobar.kernel.config.Shape.Scalar;
import com.foobar.kernel.value.Alphabet;
import com.foobar.kernel.value.Secret;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How text becomes one value of each type. */
final class Scalars {
    private Scalars() {}

    static Optional<Scalar> of(Class<?> type, @Nullable Range range) {
        if (type == int.class || type == Integer.class) {
            return Optional.of(whole(range, Integer.MIN_VALUE, Integer.MAX_VALUE, number -> (int) (long) number));
        }
        if (type == long.class || type == Long.class) {
            return Optional.of(whole(range, Long.MIN_VALUE, Long.MAX_VALUE, number -> number));
        }
        if (type == double.class || type == Double.class) {
            return Optional.of(decimal(range));
        }
        if (range != null) {
            throw new IllegalStateException("@Range is for numbers, not for " + type.getName());
        }
        if (type == String.class) {
            return Optional.of(new Scalar("text", false, text -> text));
        }
        if (type == boolean.class || type == Boolean.class) {
            return Optional.of(choice(Map.of("true", true, "false", false), "true or false"));
        }
        if (type == Duration.class) {
            return Optional.of(new Scalar(Durations.EXPECTED, false, Durations::parse));
        }
        if (type == Path.class) {
            return Optional.of(new Scalar("a path", false, Scalars::path));
        }
        if (type == URI.class) {
            return Optional.of(new Scalar("an address such as http://10.0.0.1:8080/", false, Scalars::uri));
        }
        return type.isEnum() ? Optional.of(enumeration(type)) : ownParser(type);
    }

    private static Scalar whole(@Nullable Range range, long least, long most, Function<Long, Object> narrowed) {
        long min = range == null ? least : Math.max(least, range.min());
        long max = range == null ? most : Math.min(most, range.max());
        String expected = bounds(range, "a whole number", least, most);
        return new Scalar(expected, false, text -> {
            try {
                long number = Long.parseLong(text);
                if (number >= min && number <= max && !text.startsWith("+")) {
                    return narrowed.apply(number);
                }
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException(expected, notANumber);
            }
            throw new IllegalArgumentException(expected);
        });
    }

    private static Scalar decimal(@Nullable Range range) {
        String expected = bounds(range, "a number", Long.MIN_VALUE, Long.MAX_VALUE);
        return new Scalar(expected, false, text -> {
            // Double.parseDouble also takes NaN, Infinity, 0x1p3 and 1f, none of which a person means.
            boolean plain = Alphabet.DECIMAL.spells(text);
            try {
                double number = plain ? Double.parseDouble(text) : Double.NaN;
                if (Double.isFinite(number) && (range == null || (number >= range.min() && number <= range.max()))) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException(expected, notANumber);
            }
            throw new IllegalArgumentException(expected);
        });
    }

    private static String bounds(@Nullable Range range, String noun, long least, long most) {
        if (range == null) {
            return noun;
        }
        String name = range.of().isEmpty() ? noun : range.of();
        boolean below = range.min() > least;
        boolean above = range.max() < most;
        if (below && above) {
            return name + " from " + range.min() + " to " + range.max();
        }
        return below ? name + " of at least " + range.min() : above ? name + " of at most " + range.max() : name;
    }

    private static Scalar enumeration(Class<?> type) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(name((Enum<?>) constant), constant);
        }
        String names = String.join(", ", constants.keySet());
        return choice(constants, constants.size() == 1 ? names : "one of " + names);
    }

    static String name(Enum<?> constant) {
        try {
            Key key = constant.getDeclaringClass().getField(constant.name()).getAnnotation(Key.class);
            return key != null
                    ? key.value()
                    : constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        } catch (NoSuchFieldException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Scalar choice(Map<String, Object> values, String expected) {
        return new Scalar(expected, false, text -> {
            Object value = values.get(text);
            if (value == null) {
                throw new IllegalArgumentException(expected);
            }
            return value;
        });
    }

    private static Path path(String text) {
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException notAPath) {
            throw new IllegalArgumentException("a path", notAPath);
        }
        throw new IllegalArgumentException("a path that is not empty");
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            if (uri.isAbsolute()) {
                return uri;
            }
        } catch (URISyntaxException notAnAddress) {
            // Its message quotes the text, which may hold a password.
            throw new IllegalArgumentException("an address such as http://10.0.0.1:8080/", notAnAddress);
        }
        throw new IllegalArgumentException("an address such as http://10.0.0.1:8080/");
    }

    private static Optional<Scalar> ownParser(Class<?> type) {
        try {
            Method parse = type.getDeclaredMethod("parse", String.class);
            if (!Modifier.isStatic(parse.getModifiers()) || !type.isAssignableFrom(parse.getReturnType())) {
                return Optional.empty();
            }
            parse.setAccessible(true);
            Function<String, Object> parser = text -> invoke(parse, text);
            return Optional.of(new Scalar(expected(parser), type == Secret.class, parser));
        } catch (NoSuchMethodException none) {
            return Optional.empty();
        }
    }

    /** The type's own words, which it gives when it refuses nothing at all. */
    private static String expected(Function<String, Object> parser) {
        try {
            Object taken = parser.apply("");
            return taken.getClass().getSimpleName();
        } catch (IllegalArgumentException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private static Object invoke(Method parse, String text) {
        try {
            return parse.invoke(null, text);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(parse + " failed", thrown.getCause());
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A value as it would be written in a file. */
    static String text(Object value) {
        if (value instanceof Duration duration) {
            return Durations.text(duration);
        }
        return value instanceof Enum<?> constant ? name(constant) : value.toString();
    }
}
