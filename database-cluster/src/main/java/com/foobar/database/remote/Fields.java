package com.foobar.database.remote;

import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.kernel.json.JsonWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PURE. An object as it came from the network, read strictly: what is missing or of another kind is rubbish. */
final class Fields {
    private static final Json.Limits LIMITS = new Json.Limits(6, Frames.LARGEST);

    private final Map<?, ?> members;

    private Fields(Map<?, ?> members) {
        this.members = members;
    }

    static Fields parse(byte[] utf8) throws Rubbish {
        try {
            return of(Json.parse(utf8, LIMITS));
        } catch (JsonSyntaxException e) {
            throw new Rubbish("no JSON: " + e.getMessage());
        }
    }

    static String write(Map<String, ?> members) {
        return new JsonWriter().any(members).toString();
    }

    private static Fields of(@Nullable Object value) throws Rubbish {
        if (value instanceof Map<?, ?> members) {
            return new Fields(members);
        }
        throw new Rubbish("no object");
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    String text(String name) throws Rubbish {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new Rubbish("no text " + name);
    }

    long number(String name) throws Rubbish {
        if (members.get(name) instanceof Long number && number >= 0) {
            return number;
        }
        throw new Rubbish("no number " + name);
    }

    boolean bit(String name) throws Rubbish {
        if (members.get(name) instanceof Boolean bit) {
            return bit;
        }
        throw new Rubbish("no yes or no " + name);
    }

    Fields object(String name) throws Rubbish {
        return of(members.get(name));
    }
}
