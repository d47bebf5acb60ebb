package com.foobar.database.model;

/** The name of a database node as the topology file spells it: {@code db1}. */
public record NodeName(String text) implements Comparable<NodeName> {
    private static final int LONGEST = 63;

    public NodeName {
        if (text.isBlank() || text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a node name has 1 to " + LONGEST + " characters, not " + text.length() + ": \"" + text + "\"");
        }
    }

    @Override
    public int compareTo(NodeName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
