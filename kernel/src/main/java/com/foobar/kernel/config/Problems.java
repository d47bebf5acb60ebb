package com.foobar.kernel.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.configuration2.tree.ImmutableNode;

/** Where a record reports what its keys get wrong together. Keys are relative to the record; the empty key is the record. */
public final class Problems {
    private final Findings findings;
    private final Schema schema;
    private final ImmutableNode root;
    private final KeyPath prefix;

    Problems(Findings findings, Schema schema, ImmutableNode root, KeyPath prefix) {
        this.findings = findings;
        this.schema = schema;
        this.root = root;
        this.prefix = prefix;
    }

    /** The value is masked where the key holds a secret. */
    public void error(String key, String given, String expected) {
        KeyPath path = path(key);
        String shown = schema.isSecret(path) ? "***" : Quote.of(given);
        findings.error(Tree.nearestOrigin(root, path), path.text(), "given " + shown + ", expected " + expected);
    }

    public void error(String key, String message) {
        KeyPath path = path(key);
        findings.error(Tree.nearestOrigin(root, path), path.text(), message);
    }

    public void warning(String key, String message) {
        KeyPath path = path(key);
        findings.warning(Tree.nearestOrigin(root, path), path.text(), message);
    }

    /** Joins parts to a key, quoting those that hold dots: {@code routes."www.foobar.com".pool}. */
    public static String key(String... parts) {
        return Stream.of(parts).map(KeyPath::quoted).collect(Collectors.joining("."));
    }

    private KeyPath path(String key) {
        KeyPath relative = KeyPath.parse(key);
        List<String> parts = new ArrayList<>(prefix.parts());
        parts.addAll(relative.parts());
        String between = prefix.text().isEmpty() || key.isEmpty() ? "" : ".";
        return new KeyPath(List.copyOf(parts), prefix.text() + between + relative.text());
    }
}
