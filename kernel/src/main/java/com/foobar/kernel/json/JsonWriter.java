package com.foobar.kernel.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON text into a {@code StringBuilder}, commas and quotes included. A wrong call order is a bug of ours and
 * throws, so that no broken text ever leaves. Not for two threads.
 */
public final class JsonWriter {

    private final StringBuilder out;
    /** The closing brackets still owed, innermost first. */
    private final Deque<Character> owed = new ArrayDeque<>();

    private boolean needsComma;
    private boolean named;
    private boolean complete;

    public JsonWriter() {
        this(new StringBuilder());
    }

    /** Appends to what is already there: a log writer keeps one builder for all its lines. */
    public JsonWriter(StringBuilder out) {
        this.out = out;
    }

    public JsonWriter beginObject() {
        return open('{', '}');
    }

    public JsonWriter beginArray() {
        return open('[', ']');
    }

    /** Closes the innermost object or array. */
    public JsonWriter end() {
        if (owed.isEmpty() || named) {
            throw new IllegalStateException(named ? "a name waits for its value" : "nothing is open");
        }
        out.append(owed.pop().charValue());
        return closed();
    }

    public JsonWriter name(String name) {
        if (named || owed.isEmpty() || owed.peek() != '}') {
            throw new IllegalStateException("a name belongs into an object: " + name);
        }
        comma();
        Json.quote(name, out);
        out.append(':');
        named = true;
        return this;
    }

    public JsonWriter value(@Nullable CharSequence text) {
        before();
        if (text == null) {
            out.append("null");
        } else {
            Json.quote(text, out);
        }
        return closed();
    }

    public JsonWriter value(long number) {
        before();
        out.append(number);
        return closed();
    }

    /** JSON has no infinity and no NaN: both become null, which a reader cannot mistake for a number. */
    public JsonWriter value(double number) {
        before();
        if (Double.isFinite(number)) {
            out.append(number);
        } else {
            out.append("null");
        }
        return closed();
    }

    public JsonWriter value(boolean bit) {
        before();
        out.append(bit);
        return closed();
    }

    /** Writes what {@link Json#parse} returns, and anything else by its {@code toString}. */
    public JsonWriter any(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            beginObject();
            members.forEach((name, member) -> name(String.valueOf(name)).any(member));
            return end();
        }
        if (value instanceof Iterable<?> elements) {
            beginArray();
            elements.forEach(this::any);
            return end();
        }
        if (value instanceof Boolean bit) {
            return value(bit.booleanValue());
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return value(((Number) value).longValue());
        }
        if (value instanceof Number number) {
            return value(number.doubleValue());
        }
        return value(value == null ? null : value.toString());
    }

    public JsonWriter field(String name, @Nullable CharSequence text) {
        return name(name).value(text);
    }

    public JsonWriter field(String name, long number) {
        return name(name).value(number);
    }

    public JsonWriter field(String name, double number) {
        return name(name).value(number);
    }

    public JsonWriter field(String name, boolean bit) {
        return name(name).value(bit);
    }

    /** The finished text; asking before everything is closed is an error. */
    @Override
    public String toString() {
        if (!complete) {
            throw new IllegalStateException("the text is not complete: " + out);
        }
        return out.toString();
    }

    private JsonWriter open(char open, char close) {
        before();
        out.append(open);
        owed.push(close);
        needsComma = false;
        return this;
    }

    private void before() {
        if (complete) {
            throw new IllegalStateException("one text holds one value");
        }
        if (!owed.isEmpty() && owed.peek() == '}' && !named) {
            throw new IllegalStateException("a value in an object needs a name");
        }
        if (!named) {
            comma();
        }
        named = false;
    }

    private void comma() {
        if (needsComma) {
            out.append(',');
        }
    }

    private JsonWriter closed() {
        needsComma = true;
        complete = owed.isEmpty();
        return this;
    }
}
