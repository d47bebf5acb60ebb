package com.foobar.kernel.config;

import com.foobar.kernel.config.Tree.Kind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.jspecify.annotations.Nullable;

/**
 * Fills in {@code ${env:NAME}}, {@code ${env:NAME:-default}}, {@code ${file:path}} and {@code ${other.key}}; a doubled
 * dollar sign keeps the braces behind it as text. Written here and not left to Commons Configuration because its own also reads what it
 * filled in (a password with a dollar and a brace in it would be mangled), leaves what it cannot resolve standing as text, and knows
 * prefixes that reach out (url, dns, script).
 */
final class Interpolation {
    private static final int MOST_FILE_BYTES = 64 << 10;

    private final Schema schema;
    private final ImmutableNode root;
    private final Map<String, String> environment;
    private final Path folder;
    /** The keys being resolved, innermost first: a key met again refers to itself. */
    private final Deque<String> open = new ArrayDeque<>();

    Interpolation(Schema schema, ImmutableNode root, Map<String, String> environment, Path folder) {
        this.schema = schema;
        this.root = root;
        this.environment = environment;
        this.folder = folder;
    }

    /** A text with everything filled in, and whether something in it must not be shown. */
    record Filled(String text, boolean secret) {}

    /** The message names what is missing and never the value around it. */
    static final class Unresolved extends Exception {
        private static final long serialVersionUID = 1L;

        Unresolved(String message) {
            super(message, null, false, false);
        }
    }

    Filled fill(KeyPath path, String raw) throws Unresolved {
        if (!raw.contains("${")) {
            return new Filled(raw, false);
        }
        if (open.contains(path.text())) {
            throw new Unresolved("${" + path.text() + "} refers back to itself");
        }
        open.push(path.text());
        try {
            return fill(raw, schema.isSecret(path));
        } finally {
            open.pop();
        }
    }

    private Filled fill(String raw, boolean discreet) throws Unresolved {
        StringBuilder text = new StringBuilder();
        boolean secret = false;
        int at = 0;
        while (at < raw.length()) {
            if (raw.startsWith("$${", at)) {
                text.append("${");
                at += 3;
            } else if (raw.startsWith("${", at)) {
                int end = closing(raw, at + 2);
                Filled part = variable(raw.substring(at + 2, end), discreet);
                text.append(part.text());
                secret |= part.secret();
                at = end + 1;
            } else {
                text.append(raw.charAt(at++));
            }
        }
        return new Filled(text.toString(), secret);
    }

    private static int closing(String raw, int from) throws Unresolved {
        int depth = 1;
        for (int i = from; i < raw.length(); i++) {
            if (raw.startsWith("${", i)) {
                depth++;
            } else if (raw.charAt(i) == '}' && --depth == 0) {
                return i;
            }
        }
        throw new Unresolved("a ${ is never closed with }; write $${ for a plain ${");
    }

    private Filled variable(String body, boolean discreet) throws Unresolved {
        int fallback = body.indexOf(":-");
        String name = fallback < 0 ? body : body.substring(0, fallback);
        if (name.startsWith("env:")) {
            String value = environment.get(name.substring(4));
            if (value != null) {
                return new Filled(value, false);
            }
            if (fallback < 0) {
                throw new Unresolved("the environment variable " + Quote.oneLine(name.substring(4)) + " is not set");
            }
            return fill(body.substring(fallback + 2), discreet);
        }
        if (name.startsWith("file:")) {
            return new Filled(file(body.substring(5)), true);
        }
        if (name.indexOf(':') >= 0) {
            String prefix = discreet ? "" : " " + Quote.oneLine(name.substring(0, name.indexOf(':') + 1));
            throw new Unresolved("the lookup" + prefix + " is not known, expected env:, file: or another key;"
                    + " write $${ for a plain ${");
        }
        return reference(name, fallback < 0 ? null : body.substring(fallback + 2), discreet);
    }

    private String file(String name) throws Unresolved {
        try {
            Path path = folder.resolve(name);
            // A pipe or a device would make the start hang for ever.
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new Unresolved(path + " is not a regular file");
            }
            String text = Text.decoded(path, MOST_FILE_BYTES);
            int end = text.endsWith("\r\n") ? 2 : text.endsWith("\n") ? 1 : 0;
            return text.substring(0, text.length() - end);
        } catch (InvalidPathException notAPath) {
            throw new Unresolved("the name in ${file:} is not a path");
        } catch (ConfigUnreadable unreadable) {
            throw new Unresolved(String.valueOf(unreadable.getMessage()));
        }
    }

    private Filled reference(String name, @Nullable String fallback, boolean discreet) throws Unresolved {
        KeyPath path;
        try {
            path = KeyPath.parse(name);
        } catch (IllegalArgumentException malformed) {
            throw new Unresolved("a ${ } holds no key; write $${ for a plain ${");
        }
        // A misspelt key must not hide behind its own fallback.
        if (schema.at(path) == null || path.parts().isEmpty()) {
            throw new Unresolved(
                    (discreet ? "a ${ }" : "${" + path.text() + "}") + " names no known key; write $${ for a plain ${");
        }
        ImmutableNode node = Tree.find(root, path);
        if (node == null && fallback != null) {
            return fill(fallback, discreet);
        }
        if (node == null || Tree.kind(node) != Kind.SCALAR) {
            throw new Unresolved("${" + path.text() + "} " + (node == null ? "has no value" : "is not a single value"));
        }
        Filled filled = fill(path, Tree.value(node));
        return new Filled(filled.text(), filled.secret() || schema.isSecret(path));
    }
}
